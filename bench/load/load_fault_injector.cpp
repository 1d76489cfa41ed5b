#include "bench/load/background_load.hpp"
#include "onewriter/compat/messaging.hpp"

#include <utility>

namespace onewriter::bench {

namespace {

class load_saboteur_state {
public:
  explicit load_saboteur_state(load_member_actor::pointer self) : self_{self} {
    // nop
  }

  load_member_actor::behavior_type
  make_behavior(database_actor database, std::chrono::nanoseconds interval) {
    database_ = std::move(database);
    interval_ = interval;
    schedule();
    return {
      [this](end_load) { self_->quit(); },
      [this](more_load) { strike(); },
    };
  }

  static inline const char* name = "onewriter.load-fault-injector";

private:
  // Failures must not pile up where the writer needs longer to come back. While
  // it is away there is no writer to fail.
  void strike() {
    compat::request(self_, database_, caf::infinite,
                    inject_failure{failure_kind::connection})
      .then([this] { schedule(); },
            [this](const caf::error& err) {
              err == ec::unavailable ? schedule() : self_->quit(err);
            });
  }

  void schedule() {
    compat::delayed_send(self_, load_member_actor{self_}, interval_,
                         more_load{});
  }

  load_member_actor::pointer self_;
  database_actor database_;
  std::chrono::nanoseconds interval_{0};
};

load_member_actor::behavior_type
load_saboteur(load_member_actor::stateful_pointer<load_saboteur_state> self,
              database_actor database, std::chrono::nanoseconds interval) {
  return compat::state(self).make_behavior(std::move(database), interval);
}

} // namespace

load_member_actor spawn_load_saboteur(caf::actor_system& sys,
                                      database_actor database,
                                      std::chrono::nanoseconds interval) {
  return sys.spawn(load_saboteur, std::move(database), interval);
}

} // namespace onewriter::bench
