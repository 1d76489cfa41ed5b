#pragma once

#include "actors/policy/backoff.hpp"
#include "actors/policy/codel.hpp"
#include "actors/policy/turn_gathering.hpp"
#include "actors/policy/write_queue.hpp"
#include "actors/writer/checkpoint/checkpointer.hpp"
#include "actors/writer/completion/completion.hpp"
#include "actors/writer/owned_file.hpp"
#include "actors/writer/request_runner.hpp"
#include "actors/writer/sqlite_writer.hpp"
#include "actors/writer/write_batch.hpp"
#include "messages/compat/yielding.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace onewriter {

/// The state of a `sqlite_writer`, for its own sources only: opening and
/// collecting (`sqlite_writer.cpp`), its turns (`sqlite_writer_turn.cpp`) and
/// its end (`sqlite_writer_end.cpp`). Runs on the writer's thread.
class sqlite_writer_state {
public:
  explicit sqlite_writer_state(sqlite_writer_actor::pointer self);

  ~sqlite_writer_state();

  sqlite_writer_actor::behavior_type
  make_behavior(database_core_actor database,
                std::shared_ptr<const options> opts, metrics_ptr shared,
                std::shared_ptr<writer_handover> estate,
                caf::error last_reason);

  static inline const char* name = "onewriter.writer";

private:
  using clock_type = pending_write::clock;

  struct closing {
    clock_type::time_point limit;
    uint64_t refused = 0;
  };

  // -- opening -------------------------------------------------------------------

  void open();

  caf::error try_to_open();

  void opened(owned_file db);

  // -- collecting ----------------------------------------------------------------

  void accept(write_requests& what);

  void accept(best_effort_batch& what);

  void push(pending_write_ptr item);

  void put_back(pending_write_ptr item);

  void arm();

  // -- turns ---------------------------------------------------------------------

  void take_turn();

  caf::error run_turn();

  caf::error run_next(pending_write_ptr&& item, clock_type::time_point now);

  caf::error run_alone(pending_write_ptr&& item);

  caf::error ensure_transaction(pending_write_ptr& item);

  caf::error inject();

  void end_turn(caf::error result);

  void turn_was(size_t requests);

  void wait_for_lock();

  void expire_waiting();

  // -- outcomes ------------------------------------------------------------------

  void settle_batch();

  void count_stopped();

  void push_follow_ups();

  // -- between turns -------------------------------------------------------------

  caf::error keep_house();

  void forget_old_receipts();

  void count_letters();

  void publish();

  caf::error keep_log_short();

  void log_was_copied();

  caf::result<checkpoint_receipt> run_checkpoint(const checkpoint& what);

  std::function<void()> copy_signal();

  // -- the end -------------------------------------------------------------------

  void fail(caf::error reason);

  void hand_back(std::vector<pending_write_ptr> items);

  bool is_to_be_returned(pending_write_ptr& item);

  uint32_t most_attempts(const caf::error& reason) const;

  void start_closing(const close_writer& what);

  void refuse_everything();

  void try_to_close();

  caf::error finish_closing();

  void stop(caf::error reason);

  void rescue_log();

  void quit(caf::error reason);

  sqlite_writer_actor::pointer self_;
  database_core_actor database_;
  std::shared_ptr<const options> opts_;
  metrics_ptr shared_;
  std::shared_ptr<writer_handover> handover_;
  caf::error last_reason_;
  compat::yield_points* yields_ = nullptr;

  std::unique_ptr<sqlite::connection> db_;
  std::optional<request_runner> runner_;
  std::optional<write_batch> batch_;
  std::optional<checkpointer> checkpointer_;
  std::optional<completion> completion_;
  std::optional<write_queue<pending_write_ptr>> queue_;
  std::optional<codel> codel_;
  // Taken from the queue, not in the batch yet.
  pending_write_ptr in_hand_;
  // Of the last batch; empty between turns.
  std::vector<outcome> outcomes_;
  backoff lock_backoff_;
  clock_type::time_point locked_since_ = clock_type::time_point::max();

  bool armed_ = false;
  turn_gathering gathering_;
  clock_type::time_point last_forget_;
  // Counts of earlier incarnations.
  uint64_t commits_before_ = 0;
  uint64_t repeated_before_ = 0;
  std::optional<failure_kind> injection_;

  // Set once the connection has failed: all requests go back to the database.
  std::optional<caf::error> failed_;
  // With a log that has no name any more; empty otherwise.
  std::unique_ptr<sqlite::connection> lost_;
  std::optional<closing> closing_;
  // Requests that the closing has stopped while they ran.
  uint64_t stopped_ = 0;
};

} // namespace onewriter
