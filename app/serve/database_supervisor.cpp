#include "app/serve/database_supervisor.hpp"

#include "actors/sqlite/base/errors.hpp"
#include "app/serve/database_keeper.hpp"
#include "onewriter/compat/messaging.hpp"

#include <utility>

namespace onewriter::node {

namespace {

// Runs on the scheduler's threads: makes events of what it hears. The
// supervisor and the keepers tell one actor, which so learns of things in the
// order in which they happen.
database_observer_actor::behavior_type
database_observer(database_observer_actor::pointer, service_events* events) {
  return {
    [events](database_opened& x) {
      service_event what{service_event::opened, std::move(x.name)};
      what.keeper = std::move(x.keeper);
      what.handle = std::move(x.database);
      events->push(std::move(what));
    },
    [events](database_lost& x) {
      service_event what{service_event::lost, std::move(x.name)};
      what.reason = std::move(x.reason);
      events->push(std::move(what));
    },
    [events](child_event& x) {
      auto has_failed = x.kind == child_event_kind::gave_up;
      if (!has_failed && x.kind != child_event_kind::restarting)
        return;
      service_event what{has_failed ? service_event::failed
                                    : service_event::down,
                         std::move(x.id)};
      what.reason = std::move(x.reason);
      what.pause = x.delay;
      events->push(std::move(what));
    },
  };
}

verdict judge_database(const caf::error& reason) {
  auto code = code_of(reason);
  return sqlite::is_transient(code) || code == ec::unavailable ? verdict::excuse
                                                               : verdict::count;
}

} // namespace

bool mends_itself(ec code) {
  switch (code) {
    case ec::corrupt:
    case ec::file_size_limit:
    case ec::invalid_argument:
    case ec::missing_feature:
    case ec::network_file_system:
    case ec::newer_schema:
    case ec::no_write_ahead_log:
    case ec::not_a_database:
      return false;
    default:
      return true;
  }
}

database_supervisor::database_supervisor(caf::actor_system& sys,
                                         const restart_options& restarts,
                                         std::vector<served_file> files,
                                         service_log_ptr log,
                                         service_events& events)
  : sys_{sys},
    log_{std::move(log)},
    observer_{sys.spawn(database_observer, &events)} {
  supervisor_options how;
  how.restarts = restarts;
  for (auto& x : files)
    how.children.push_back(spec_of(std::move(x)));
  how.observer = caf::actor_cast<caf::actor>(observer_);
  // They are closed in order before.
  how.observer_stops_children = true;
  supervisor_ = spawn_supervisor(sys, std::move(how));
}

database_supervisor::~database_supervisor() {
  caf::scoped_actor self{sys_};
  compat::request(self, supervisor_, caf::infinite, stop_children{})
    .receive([] {}, [](const caf::error&) {});
  caf::anon_send_exit(observer_, caf::exit_reason::user_shutdown);
  self->wait_for(observer_);
}

void database_supervisor::open_again(served_file what) {
  auto name = what.name;
  caf::scoped_actor self{sys_};
  compat::request(self, supervisor_, caf::infinite,
                  start_child{spec_of(std::move(what))})
    .receive([](const caf::actor&) {},
             [&](const caf::error& err) {
               log_->write(log_level::error, name, describe(err));
             });
}

child_spec database_supervisor::spec_of(served_file what) const {
  child_spec result;
  result.id = what.name;
  result.restart = restart_type::transient;
  result.judge = judge_database;
  // Closing a file takes as long as it takes.
  result.shutdown_limit = std::chrono::nanoseconds::max();
  result.start = [log = log_, observer = observer_, what = std::move(what)](
                   caf::actor_system& sys, const caf::error&) mutable {
    auto keeper = spawn_database_keeper(sys, what, log, observer);
    what.may_create = false;
    return caf::actor_cast<caf::actor>(keeper);
  };
  return result;
}

} // namespace onewriter::node
