#include "app/serve/service.hpp"

#include "actors/console/format.hpp"
#include "actors/sqlite/file/files.hpp"
#include "app/core/run_failure.hpp"
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
  auto status = open_all();
  if (status == exit_status::success)
    status = listen();
  if (status == exit_status::success)
    status = serve();
  listener_.reset();
  databases_.clear();
  log_->info("ends with status " + std::to_string(status));
  return status;
}

// -- opening ---------------------------------------------------------------------

int service::open_all() {
  for (auto& path : asked_.files)
    if (auto status = open_one(path); status != exit_status::success)
      return status;
  return exit_status::success;
}

int service::open_one(const std::string& path) {
  auto name = std::filesystem::path{path}.filename().string();
  auto has_name = [&](auto& x) {
    return x->name() == name;
  };
  if (std::any_of(databases_.begin(), databases_.end(), has_name)) {
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
  auto failed = [this] {
    events_.push(service_event::database_failed);
  };
  auto opened
    = served_database::open(sys_, std::move(*opts), name, log_, failed);
  if (!opened) {
    log_->write(log_level::error, name, describe(opened.error()));
    return exit_status_of(opened.error());
  }
  databases_.push_back(std::move(*opened));
  return exit_status::success;
}

int service::listen() {
  auto& at = cfg_.service().listen;
  if (at.empty())
    return exit_status::success;
  auto where = parse_endpoint(at);
  if (!where)
    return exit_status_of(where.error());
  remote_listener::database_map all;
  for (auto& x : databases_)
    all.emplace(x->name(), x->handle());
  auto opened = remote_listener::open(
    *where, cfg_.tls, std::move(all),
    [log = log_](const std::string& database, std::string_view line) {
      log->write(log_level::info, database, line);
    });
  if (!opened) {
    log_->error(describe(opened.error()));
    return exit_status_of(opened.error());
  }
  listener_ = std::move(*opened);
  where->port = listener_->port();
  for (auto& x : databases_)
    log_->write(log_level::info, x->name(),
                "other machines join it over TLS at "
                  + to_string(remote_address{*where, x->name()}));
  return exit_status::success;
}

// -- serving ---------------------------------------------------------------------

int service::serve() {
  auto serving = "serving " + format_count(databases_.size(), "database");
  if (auto limit = manager_.watchdog())
    next_sign_ = clock::now() + *limit / 2;
  log_->info("ready: " + serving);
  tell(service_manager::ready(serving));
  auto status = exit_status::success;
  std::thread closing;
  for (auto closed = false; !closed;) {
    auto what = next_event();
    if (what == service_event::closed) {
      closed = true;
    } else if (what == service_event::reload) {
      if (!is_closing_)
        reload();
    } else {
      if (what == service_event::database_failed)
        status = exit_status::failure;
      if (!std::exchange(is_closing_, true))
        closing = std::thread{[this] {
          drain();
        }};
    }
  }
  closing.join();
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
  for (auto& x : databases_) {
    client db{sys_, x->handle()};
    db.reply_limit(std::max(nanoseconds{1}, nanoseconds{limit - clock::now()}));
    auto reply = db.statistics();
    if (!reply && code_of(reply.error()) == ec::deadline_exceeded) {
      log_->write(log_level::error, x->name(),
                  "does not answer; the watchdog is not told that all is well");
      return false;
    }
  }
  return true;
}

void service::reload() {
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
  }
  tell(service_manager::ready("serving "
                              + format_count(databases_.size(), "database")));
}

// -- the end ---------------------------------------------------------------------

// Runs on a thread of its own, while others go on to wait for events.
void service::drain() {
  auto limit = cfg_.service().drain_limit;
  log_->info("stopping: what waits is carried out within "
             + format_seconds(limit));
  tell(service_manager::stopping(
    std::chrono::duration_cast<std::chrono::microseconds>(limit)
    + std::chrono::seconds{10}));
  close_all(limit);
  events_.push(service_event::closed);
}

void service::close_all(nanoseconds limit) {
  caf::scoped_actor self{sys_};
  close what;
  what.limit = limit;
  using reply = decltype(compat::request(self, databases_.front()->handle(),
                                         caf::infinite, what));
  std::vector<reply> replies;
  for (auto& x : databases_) {
    x->stop_watching();
    replies.push_back(compat::request(self, x->handle(), caf::infinite, what));
  }
  for (size_t i = 0; i < replies.size(); ++i) {
    auto& name = databases_[i]->name();
    std::move(replies[i])
      .receive(
        [&](const close_receipt& x) {
          log_->write(x.refused > 0 ? log_level::warning : log_level::info,
                      name, end_line(x));
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
