#pragma once

#include "actors/database/best_effort_outbox.hpp"
#include "actors/database/database_children.hpp"
#include "actors/database/database_context.hpp"
#include "actors/database/database_parts.hpp"
#include "actors/database/lifecycle/closing_sequence.hpp"
#include "actors/database/lifecycle/lifecycle.hpp"
#include "actors/database/request_router.hpp"
#include "actors/database/statistics/alert_publisher.hpp"
#include "actors/database/statistics/check_timer.hpp"
#include "actors/database/statistics/statistics_collector.hpp"
#include "actors/database/write_intake.hpp"
#include "actors/database/write_outbox.hpp"
#include "actors/policy/repetition_filter.hpp"
#include "actors/support/guarded_log.hpp"
#include "actors/support/scheduler_seat.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/database.hpp"

#include <memory>

namespace onewriter {

/// The state of a database actor: its parts, what callers ask of them
/// (`database_requests.cpp`), and what the coming and going of its children
/// means to several of them (`database_state.cpp`). Runs on the scheduler's
/// threads.
class database_state {
public:
  /// `lock` is the file's, if the process has taken it already.
  database_state(full_database_actor::pointer self, options opts,
                 flow_gate_ptr gate, std::unique_ptr<sqlite::owner_lock> lock);

  database_state(const database_state&) = delete;

  database_state& operator=(const database_state&) = delete;

  // CAF 0.17 sends no error for a broken promise.
  ~database_state();

  /// Starts the children. Called once.
  full_database_actor::behavior_type make_behavior();

private:
  // -- requests --------------------------------------------------------------

  void take_best_effort(best_effort& what);

  void take_paced(paced_item& what);

  caf::result<database_info> describe_file();

  caf::result<void> subscribe_to_alerts(const caf::actor& listener);

  caf::result<void> allow_injection(inject_failure& what);

  caf::result<close_receipt> start_closing(const close& what);

  // -- the children come and go ----------------------------------------------

  void child_changed(const child_event& event);

  void writer_changed(const child_event& event);

  void writer_is_ready(const writer_ready& what);

  void writer_has_failed(const writer_failed& what);

  void log_restart(const child_event& event);

  void release_readers();

  void best_effort_is_done(best_effort_done& what);

  void went_down(const caf::actor_addr& who, const caf::error& reason);

  // -- the end ---------------------------------------------------------------

  void fail(caf::error reason);

  void finish_failing();

  void finish_closing();

  void start_timer();

  void stop_timer();

  void let_system_end();

  // -- statistics ------------------------------------------------------------

  statistics collect() const;

  void check();

  void compare_measures(statistics_collector::clock::time_point now);

  // -- utilities -------------------------------------------------------------

  template <class Actor>
  void watch(const Actor& whom);

  template <class F>
  void log(log_level level, F line) const;

  // The writer's, where it runs on the scheduler.
  scheduler_seat seat_;
  // The parts that follow refer to those before them.
  database_context context_;
  lifecycle lifecycle_;
  database_children children_;
  write_outbox writes_;
  best_effort_outbox best_effort_;
  request_router router_;
  statistics_collector measures_;
  alert_publisher alerts_;
  // As of the last writer.
  database_info info_;
  database_parts parts_;
  closing_sequence closing_;
  write_intake intake_;
  flow_gate_ptr gate_;
  check_timer_actor timer_;
  // On a full disk there are ten a second, of each child.
  repetition_filter logged_failures_;
  repetition_filter logged_writer_restarts_;
  repetition_filter logged_other_restarts_;
  // An actor of the system's own, once the database is closed or has failed.
  caf::actor_addr system_part_;
};

template <class Actor>
void database_state::watch(const Actor& whom) {
  compat::watch(context_.self, whom,
                [this](const caf::actor_addr& who, const caf::error& reason) {
                  went_down(who, reason);
                });
}

template <class F>
void database_state::log(log_level level, F line) const {
  log_guarded(context_.opts->log, level, line);
}

} // namespace onewriter
