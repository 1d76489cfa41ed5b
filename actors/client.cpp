#include "onewriter/client.hpp"

#include "actors/support/calling_threads.hpp"
#include "messages/compat/waiting_actor.hpp"
#include "onewriter/compat/errors.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

namespace onewriter {

/// The thread as CAF sees it.
struct client::thread {
  explicit thread(caf::actor_system& sys)
    : context{calling_threads::take(sys)},
      self{sys, *context} {
    // nop
  }

  calling_threads::pointer context;
  compat::scoped_waiting_actor self;
};

client::client(caf::actor_system& sys, database_actor database)
  : thread_{std::make_unique<thread>(sys)},
    database_{std::move(database)} {
  // nop
}

client::client(client&&) noexcept = default;

client& client::operator=(client&&) noexcept = default;

client::~client() = default;

template <class Reply, class Handle, class Request>
caf::expected<Reply> client::ask(const Handle& whom, Request&& what) {
  auto has_limit = reply_limit_ != std::chrono::nanoseconds::max();
  auto& [context, self] = *thread_;
  compat::calling_thread::scope running{
    caller_runs_ && !has_limit ? context.get() : nullptr};
  caf::expected<Reply> result{caf::make_error(caf::sec::runtime_error)};
  auto receive = [&](auto response) {
    if constexpr (std::is_same_v<Reply, caf::unit_t>)
      std::move(response).receive([&] { result = caf::unit; },
                                  [&](caf::error& err) { result = err; });
    else
      std::move(response).receive([&](Reply& x) { result = std::move(x); },
                                  [&](caf::error& err) { result = err; });
  };
  self->expect_reply();
  if (has_limit)
    receive(
      compat::request(self, whom, reply_limit_, std::forward<Request>(what)));
  else
    receive(
      compat::request(self, whom, caf::infinite, std::forward<Request>(what)));
  if (!result && !compat::code_of<ec>(result.error()))
    return make_failure(code_of(result.error()),
                        failure_of(result.error()).message);
  return result;
}

caf::expected<write_receipt> client::write(onewriter::write what) {
  return ask<write_receipt>(database_, std::move(what));
}

caf::expected<write_receipt> client::call(onewriter::call what) {
  return ask<write_receipt>(database_, std::move(what));
}

caf::expected<write_receipt>
client::transaction(transaction_function function) {
  onewriter::transaction what;
  what.function = std::move(function);
  return transaction(std::move(what));
}

caf::expected<write_receipt> client::transaction(onewriter::transaction what) {
  return ask<write_receipt>(database_, std::move(what));
}

void client::best_effort(onewriter::best_effort what) {
  compat::anon_send(database_, std::move(what));
}

caf::expected<result_set> client::query(onewriter::query what) {
  return ask<result_set>(database_, std::move(what));
}

caf::error client::for_each_row(onewriter::query what,
                                const std::function<bool(const row&)>& visit) {
  open_cursor request;
  request.what = std::move(what);
  auto cursor = ask<cursor_actor>(database_, std::move(request));
  if (!cursor)
    return cursor.error();
  for (;;) {
    auto page = ask<cursor_page>(*cursor, next_page{});
    if (!page)
      return page.error();
    for (auto& line : page->rows.rows)
      if (!visit(line)) {
        compat::anon_send(*cursor, close_cursor{});
        return {};
      }
    if (page->last)
      return {};
  }
}

caf::expected<index_receipt> client::index(chunked_index what) {
  return ask<index_receipt>(database_, std::move(what));
}

caf::error client::cancel(cancel_index what) {
  auto result = ask<caf::unit_t>(database_, std::move(what));
  return result ? caf::error{} : result.error();
}

caf::expected<job_receipt> client::remove(remove_document what) {
  return ask<job_receipt>(database_, std::move(what));
}

caf::expected<job_receipt> client::run(chunked_job what) {
  return ask<job_receipt>(database_, std::move(what));
}

caf::expected<search_hits> client::search(onewriter::search what) {
  return ask<search_hits>(database_, std::move(what));
}

caf::expected<dead_letters> client::dead_letters(list_dead_letters what) {
  return ask<onewriter::dead_letters>(database_, what);
}

caf::expected<write_receipt> client::replay(int64_t dead_letter) {
  return ask<write_receipt>(database_, replay_dead_letter{dead_letter});
}

caf::expected<write_receipt> client::discard(int64_t dead_letter) {
  return ask<write_receipt>(database_, discard_dead_letter{dead_letter});
}

caf::expected<statistics> client::statistics() {
  return ask<onewriter::statistics>(database_, get_statistics{});
}

caf::expected<checkpoint_receipt>
client::checkpoint(onewriter::checkpoint what) {
  return ask<checkpoint_receipt>(database_, what);
}

caf::expected<backup_receipt> client::backup(onewriter::backup what) {
  return ask<backup_receipt>(database_, std::move(what));
}

caf::expected<integrity_report> client::check_integrity(integrity_check what) {
  return ask<integrity_report>(database_, what);
}

caf::expected<database_info> client::describe() {
  return ask<database_info>(database_, describe_database{});
}

caf::expected<close_receipt> client::close(onewriter::close what) {
  return ask<close_receipt>(database_, what);
}

caf::expected<scoped_database> scoped_database::open(caf::actor_system& sys,
                                                     options opts) {
  auto database = open_database(sys, std::move(opts));
  if (!database)
    return database.error();
  return scoped_database{sys, std::move(*database)};
}

scoped_database::~scoped_database() {
  // Errors of close were logged; a destructor cannot return them.
  if (client_)
    static_cast<void>(client_->close());
}

} // namespace onewriter
