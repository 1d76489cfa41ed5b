#include "app/commands/open_file.hpp"

#include "actors/sharing/shared/shared_database.hpp"
#include "actors/sqlite/file/files.hpp"
#include "app/core/event_log.hpp"
#include "app/remote/remote_database.hpp"
#include "onewriter/compat/messaging.hpp"

#include <utility>

namespace onewriter::node {

namespace {

/// Closes the database with the last use of its client.
class opened_database {
public:
  opened_database(command_context& ctx, database_actor handle)
    : stop_{ctx.stop},
      client_{ctx.sys, handle} {
    stop_.react([handle] {
      close what;
      what.drain = false;
      compat::anon_send(handle, what);
    });
  }

  opened_database(const opened_database&) = delete;

  opened_database& operator=(const opened_database&) = delete;

  ~opened_database() {
    stop_.react(nullptr);
    // What fails here was logged.
    static_cast<void>(client_.close());
    caf::anon_send_exit(client_.database(), caf::exit_reason::user_shutdown);
  }

  client& get() {
    return client_;
  }

private:
  interruption& stop_;
  client client_;
};

// Whether `path` can be opened at all.
caf::error problem_of(const std::string& path, if_missing missing) {
  if (is_address(path))
    return missing == if_missing::refuse
             ? caf::error{}
             : make_failure(ec::invalid_argument,
                            "--create: a database of another machine is "
                            "created there");
  // SQLite would create it.
  if (missing == if_missing::refuse && !sqlite::exists(path))
    return make_failure(ec::cannot_open,
                        path
                          + " does not exist; `onewriter exec --create` "
                            "creates a database");
  return {};
}

caf::expected<database_actor> start(command_context& ctx,
                                    const std::string& path, options opts) {
  if (!is_address(path))
    return spawn_shared_database(ctx.sys, std::move(opts));
  auto where = parse_address(path);
  if (!where)
    return where.error();
  return spawn_remote_database(ctx.sys, *where, ctx.cfg.tls, std::move(opts));
}

} // namespace

caf::expected<std::shared_ptr<client>>
open_file(command_context& ctx, const std::string& path, if_missing missing) {
  if (auto err = problem_of(path, missing); err != caf::none)
    return err;
  ctx.cfg.database.path = path;
  auto opts = asked_or_fail(ctx.cfg.database_options());
  // Only errors are worth a line beside the result, once the file is open:
  // until then the caller gets the reason.
  auto events = std::make_shared<event_log>();
  opts.log = sink_of(events);
  auto started = start(ctx, path, std::move(opts));
  if (!started)
    return started.error();
  auto opened = std::make_shared<opened_database>(ctx, std::move(*started));
  if (auto info = opened->get().describe(); !info)
    return info.error();
  events->become(event_log::mode::print_errors);
  return std::shared_ptr<client>{opened, &opened->get()};
}

} // namespace onewriter::node
