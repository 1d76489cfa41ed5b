#include "app/serve/service.hpp"

#include "actors/console/format.hpp"
#include "actors/sqlite/file/files.hpp"
#include "app/core/run_failure.hpp"
#include "app/serve/database_keeper.hpp"
#include "app/serve/log_file_check.hpp"
#include "onewriter/client.hpp"
#include "onewriter/compat/messaging.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>

#include <unistd.h>

namespace onewriter::node {

namespace {

using std::chrono::nanoseconds;
using clock = std::chrono::steady_clock;

int exit_status_of(const caf::error& err) {
  switch (code_of(err)) {
    case ec::busy:
    case ec::unavailable:
      return exit_status::busy;
    case ec::invalid_argument:
    case ec::missing_feature:
      return exit_status::bad_arguments;
    default:
      return exit_status::failure;
  }
}

std::string end_line(const close_receipt& x) {
  std::string result = "left; another process owns the file";
  if (x.commit > 0)
    result = "the last commit is " + std::to_string(x.commit);
  if (x.refused > 0)
    result += "; " + format_count(x.refused, "request")
              + " refused that did not fit into drain-limit";
  return result;
}

} // namespace

service::service(caf::actor_system& sys, serve_config& cfg,
                 const serve_request& asked, service_log_ptr log,
                 service_events& events)
  : sys_{sys},
    cfg_{cfg},
    asked_{asked},
    log_{std::move(log)},
    events_{events},
    manager_{service_manager::from_environment()} {
  // nop
}

int service::run() {
  log_->info("onewriter " ONEWRITER_VERSION " starts, process "
             + std::to_string(::getpid()));
  auto status = choose_files();
  if (status == exit_status::success)
    status = listen();
  if (status == exit_status::success) {
    supervisor_.emplace(sys_, cfg_.service().restarts, files_, log_, events_);
    auto early = wait_until_open();
    status = early ? *early : serve();
  }
  listener_.reset();
  supervisor_.reset();
  log_->info("ends with status " + std::to_string(status));
  return status;
}

// -- opening ---------------------------------------------------------------------

int service::choose_files() {
  for (auto& path : asked_.files)
    if (auto status = choose_file(path); status != exit_status::success)
      return status;
  return exit_status::success;
}

int service::choose_file(const std::string& path) {
  auto name = std::filesystem::path{path}.filename().string();
  if (databases_.entries().count(name) > 0) {
    log_->error("two databases have the name " + name
                + ": serve them in two processes");
    return exit_status::bad_arguments;
  }
  if (is_address(path)) {
    log_->error(path
                + " is on another machine: serve works on files of this "
                  "one");
    return exit_status::bad_arguments;
  }
  // SQLite would create it.
  if (!asked_.create && !sqlite::exists(path)) {
    log_->write(log_level::error, name,
                path + " does not exist; --create creates it");
    return exit_status::failure;
  }
  cfg_.database.path = path;
  auto opts = cfg_.database_options();
  if (!opts) {
    log_->write(log_level::error, name, describe(opts.error()));
    return exit_status_of(opts.error());
  }
  databases_.add(name);
  files_.push_back({std::move(name), std::move(*opts), asked_.create});
  return exit_status::success;
}

int service::listen() {
  auto& at = cfg_.service().listen;
  if (at.empty())
    return exit_status::success;
  auto where = parse_endpoint(at);
  if (!where)
    return exit_status_of(where.error());
  std::vector<std::string> names;
  for (auto& x : files_)
    names.push_back(x.name);
  auto opened = remote_listener::open(
    *where, cfg_.tls, names, cfg_.service().limits,
    [log = log_](log_level level, const std::string& database,
                 std::string_view line) { log->write(level, database, line); });
  if (!opened) {
    log_->error(describe(opened.error()));
    return exit_status_of(opened.error());
  }
  listener_ = std::move(*opened);
  where->port = listener_->port();
  for (auto& name : names)
    log_->write(log_level::info, name,
                "other machines join it over TLS at "
                  + to_string(remote_address{*where, name}));
  return exit_status::success;
}

// A manager tries again where the first attempt fails.
std::optional<int> service::wait_until_open() {
  using state = database_table::state;
  while (!databases_.all_are(state::open)) {
    auto what = next_event();
    if (what.what == service_event::stop)
      return exit_status::success;
    if (what.what != service_event::opened
        && what.what != service_event::reload)
      return exit_status_of(what.reason);
    note(what);
  }
  return std::nullopt;
}

// -- serving ---------------------------------------------------------------------

int service::serve() {
  if (auto limit = manager_.watchdog())
    next_sign_ = clock::now() + *limit / 2;
  is_ready_ = true;
  log_->info("ready: " + databases_.status());
  tell(service_manager::ready(databases_.status()));
  auto status = exit_status::success;
  for (auto closed = false; !closed;) {
    auto what = next_event();
    note(what);
    auto is_over = what.what == service_event::failed
                   || databases_.all_are(database_table::state::lost);
    if (is_over)
      status = exit_status::failure;
    if (is_over || what.what == service_event::stop)
      start_draining();
    closed = what.what == service_event::closed;
  }
  closing_.join();
  return has_failed_to_close_ ? exit_status::failure : status;
}

service_event service::next_event() {
  for (;;) {
    if (auto result = events_.wait_until(next_sign_))
      return *result;
    next_sign_ = clock::now() + *manager_.watchdog() / 2;
    // The end has a limit of its own.
    if (is_closing_ || all_answer())
      tell(service_manager::alive);
  }
}

bool service::all_answer() {
  auto limit = clock::now() + *manager_.watchdog() / 4;
  for (auto& [name, x] : databases_.entries()) {
    if (!x.database)
      continue;
    client db{sys_, x.database};
    db.reply_limit(std::max(nanoseconds{1}, nanoseconds{limit - clock::now()}));
    auto reply = db.statistics();
    if (!reply && code_of(reply.error()) == ec::deadline_exceeded) {
      log_->write(log_level::error, name,
                  "does not answer; the watchdog is not told that all is well");
      return false;
    }
  }
  return true;
}

void service::note(service_event& what) {
  switch (what.what) {
    case service_event::opened:
      if (listener_)
        listener_->admit(what.database, what.handle);
      databases_.opened(what.database, std::move(what.keeper),
                        std::move(what.handle));
      break;
    case service_event::down:
    case service_event::lost:
    case service_event::failed:
      note_loss(what);
      break;
    case service_event::reload:
      if (!is_closing_)
        reload();
      return;
    default:
      return;
  }
  if (is_ready_ && !is_closing_)
    tell("STATUS=" + databases_.status());
}

void service::note_loss(service_event& what) {
  if (listener_)
    listener_->turn_away(what.database);
  if (what.what == service_event::down) {
    log_->write(log_level::warning, what.database,
                "is opened again in " + format_seconds(what.pause));
    return databases_.down(what.database, std::move(what.reason));
  }
  log_->write(log_level::error, what.database,
              what.what == service_event::lost
                ? "is not opened again before SIGHUP or a restart"
                : "databases gave up too often: " + describe(what.reason));
  databases_.lost(what.database, std::move(what.reason));
}

void service::reload() {
  if (is_ready_)
    tell(service_manager::reloading());
  serve_config fresh;
  auto problem = fresh.read(asked_.system);
  auto& settings = fresh.service().log;
  if (problem.empty())
    problem = problem_of_log_file(settings.file, asked_.files);
  if (problem.empty())
    problem = log_->configure(settings);
  if (!problem.empty()) {
    log_->error("going on with the old configuration: " + problem);
  } else {
    auto changed = changed_options(cfg_, fresh);
    log_->info("the configuration was read again, and the log opened again; "
               + (changed.empty() ? "all options are in effect"
                                  : "a restart is needed for " + changed));
    renew_certificates(fresh.tls);
  }
  open_lost_again();
  if (is_ready_)
    tell(service_manager::ready(databases_.status()));
}

void service::renew_certificates(const tls_files& files) {
  if (!listener_)
    return;
  if (auto err = listener_->renew(files); err != caf::none)
    log_->error("going on with the old certificates: " + describe(err));
  else
    log_->info("the certificates were read again, for new connections");
}

// The first attempt has created the file where that was asked for.
void service::open_lost_again() {
  for (auto& name : databases_.forgive())
    for (auto& x : files_)
      if (x.name == name)
        supervisor_->open_again({name, x.opts, false});
}

// -- the end ---------------------------------------------------------------------

// Closes on a thread of its own, while this one goes on to wait for events.
void service::start_draining() {
  if (std::exchange(is_closing_, true))
    return;
  auto limit = cfg_.service().drain_limit;
  log_->info("stopping: what waits is carried out within "
             + format_seconds(limit));
  tell(service_manager::stopping(
    std::chrono::duration_cast<std::chrono::microseconds>(limit)
    + std::chrono::seconds{10}));
  closing_ = std::thread{[this, limit, databases = databases_.entries()] {
    drain(databases, limit);
    events_.push({service_event::closed});
  }};
}

void service::drain(const std::map<std::string, database_table::entry>& what,
                    nanoseconds limit) {
  caf::scoped_actor self{sys_};
  close at_the_end;
  at_the_end.limit = limit;
  using reply = decltype(compat::request(self, database_keeper_actor{},
                                         caf::infinite, at_the_end));
  std::vector<std::pair<std::string, reply>> replies;
  for (auto& [name, x] : what)
    if (x.keeper)
      replies.emplace_back(
        name,
        compat::request(self, caf::actor_cast<database_keeper_actor>(x.keeper),
                        caf::infinite, at_the_end));
  for (auto& x : replies) {
    auto& name = x.first;
    std::move(x.second).receive(
      [&](const close_receipt& receipt) {
        log_->write(receipt.refused > 0 ? log_level::warning : log_level::info,
                    name, end_line(receipt));
      },
      [&](const caf::error& err) {
        has_failed_to_close_ = true;
        log_->write(log_level::error, name,
                    "not closed in order: " + describe(err));
      });
  }
}

void service::tell(const std::string& assignments) {
  if (auto problem = manager_.tell(assignments); !problem.empty())
    log_->warning(problem);
}

} // namespace onewriter::node
