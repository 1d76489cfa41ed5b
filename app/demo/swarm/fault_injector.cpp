#include "app/demo/swarm/fault_injector.hpp"

#include "app/demo/core/reporter.hpp"
#include "onewriter/compat/messaging.hpp"

#include <utility>

namespace onewriter::node {

namespace {

class fault_injector_state {
public:
  explicit fault_injector_state(fault_injector_actor::pointer self)
    : self_{self} {
    // nop
  }

  fault_injector_actor::behavior_type
  make_behavior(database_actor db, scoreboard_actor board,
                std::chrono::nanoseconds delay) {
    db_ = std::move(db);
    board_ = std::move(board);
    interval_ = delay;
    schedule(interval_);
    return {
      [this](finish) { self_->quit(); },
      [this](next_round) { strike(); },
    };
  }

  static inline const char* name = "onewriter.fault_injector";

private:
  // Waits for the answer, so that failures do not pile up where the writer
  // needs longer to come back than the interval.
  void strike() {
    auto kind
      = ++count_ % 2 == 0 ? failure_kind::exception : failure_kind::connection;
    compat::request(self_, db_, caf::infinite, inject_failure{kind})
      .then(
        [this] {
          compat::anon_send(board_, sabotage_done{});
          schedule(interval_);
        },
        [this](const caf::error& err) { schedule(pause_after(err)); });
  }

  void schedule(std::chrono::nanoseconds delay) {
    compat::delayed_send(self_, fault_injector_actor{self_}, delay,
                         next_round{});
  }

  fault_injector_actor::pointer self_;
  database_actor db_;
  scoreboard_actor board_;
  std::chrono::nanoseconds interval_{0};
  uint64_t count_ = 0;
};

fault_injector_actor::behavior_type fault_injector(
  fault_injector_actor::stateful_pointer<fault_injector_state> self,
  database_actor db, scoreboard_actor board,
  std::chrono::nanoseconds interval) {
  return compat::state(self).make_behavior(std::move(db), std::move(board),
                                           interval);
}

} // namespace

fault_injector_actor spawn_fault_injector(caf::actor_system& sys,
                                          database_actor db,
                                          scoreboard_actor board,
                                          std::chrono::nanoseconds interval) {
  return sys.spawn(fault_injector, std::move(db), std::move(board), interval);
}

} // namespace onewriter::node
