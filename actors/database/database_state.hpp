#pragma once

#include "actors/database/admission/admission.hpp"
#include "actors/database/admission/best_effort_lane.hpp"
#include "actors/database/admission/database_gate.hpp"
#include "actors/database/admission/deferred_requests.hpp"
#include "actors/database/admission/write_stash.hpp"
#include "actors/database/alert_monitor.hpp"
#include "actors/database/statistics_collector.hpp"
#include "actors/index/indexer.hpp"
#include "actors/reader/reader_pool.hpp"
#include "actors/supervision/supervisor.hpp"
#include "actors/writer/sqlite_writer.hpp"
#include "onewriter/compat/interface.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/database.hpp"

#include <memory>
#include <new>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace onewriter {

using full_database_trait = compat::joined_trait<
  compat::joined_trait<database_trait, database_core_trait>,
  database_gate_trait>;

/// The database with the interfaces for its own actors and for senders in its
/// process.
using full_database_actor = compat::handle<full_database_trait>;

/// The state of a `database`, for its own sources only: requests that it
/// answers and forwards (`database.cpp`), its children
/// (`database_children.cpp`), its statistics (`database_statistics.cpp`) and
/// how it is closed (`database_closing.cpp`). Runs on the scheduler's threads.
class database_state {
public:
  explicit database_state(full_database_actor::pointer self) : self_{self} {
    // nop
  }

  // CAF 0.17 sends no error for a broken promise.
  ~database_state();

  full_database_actor::behavior_type make_behavior(options opts,
                                                   flow_gate_ptr gate);

  static inline const char* name = "onewriter.database";

private:
  using clock_type = pending_write::clock;

  /// How far a database is from being able to write.
  enum class phase : uint8_t { opening, open, restarting, closed, failed };

  /// The steps of closing, in order.
  enum class closing_step : uint8_t {
    index_jobs,
    best_effort,
    readers,
    writer,
    supervisor,
  };

  struct closing {
    close what;
    clock_type::time_point limit;
    closing_step step = closing_step::index_jobs;
    bool hurried = false;
  };

  // -- children ------------------------------------------------------------------

  void start_children();

  child_spec writer_spec();

  void start_readers_and_indexer();

  void start(const child_spec& spec);

  void ask_for(const child_spec& spec);

  database_core_actor core_handle() const;

  void child_changed(const child_event& event);

  void writer_changed(const child_event& event);

  void went_down(const caf::actor_addr& who, const caf::error& reason);

  void fail(caf::error reason);

  void finish_failing();

  // -- the writer comes and goes ---------------------------------------------------

  void writer_is_ready(const writer_ready& what);

  void writer_has_failed(const writer_failed& what);

  void release_readers();

  void hand_over();

  void readers_have_failed();

  void best_effort_is_done(best_effort_done& what);

  void flush_best_effort();

  // -- requests that write ---------------------------------------------------------

  template <class Request>
  Request& take_out(Request& what);

  template <class Request>
  caf::result<write_receipt> admit(Request& request, uint64_t sender);

  void take_paced(paced_item& x);

  caf::result<write_receipt> refuse(caf::error reason);

  void forward(pending_write_ptr what);

  caf::result<write_receipt> take_over(pending_write_ptr what);

  void take_back(returned_requests& what);

  void schedule_flush();

  void flush_outgoing();

  void stash_outgoing();

  caf::result<write_receipt> change_letters(work_request request);

  void push_best_effort(best_effort& what);

  uint64_t sender_key() const;

  // -- other requests --------------------------------------------------------------

  template <class Reply, class Target, class Request>
  caf::result<Reply> route(Target database_state::*target, Request& what);

  template <class Reply, class Target, class Request>
  caf::result<Reply>
  try_to_route(Target database_state::*target, Request& what);

  bool is_there(const reader_pool_actor& readers) const;

  template <class Actor>
  bool is_there(const Actor& whom) const {
    return phase_ == phase::open && whom;
  }

  static caf::error closed_error();

  caf::error unavailability() const;

  void run_deferred(const caf::error& reason);

  caf::result<database_info> describe_file();

  caf::result<void> allow_injection(inject_failure& what);

  // -- statistics and alerts -------------------------------------------------------

  statistics collect() const;

  std::string state_text() const;

  void check();

  void compare_measures(clock_type::time_point now);

  void tell(const std::vector<alert>& alerts);

  void add_subscriber(const caf::actor& listener);

  void remove_subscriber(const caf::actor_addr& listener);

  void note_longest(const longest_write& what);

  void note_slow(const slow_statement_seen& what);

  // -- closing ---------------------------------------------------------------------

  caf::result<close_receipt> start_closing(const close& what);

  void close_index_jobs();

  void close_best_effort();

  void close_reader_pool();

  void close_file();

  void close_without_writer();

  void writer_has_closed(const writer_closed& what);

  void close_supervisor(const writer_closed& what);

  void hurry_closing();

  bool drains() const;

  void finish_closing();

  void let_system_end();

  // -- utilities -------------------------------------------------------------------

  /// Logs the result of `line`; skipped if memory runs out.
  template <class F>
  void log(log_level level, F line) const;

  void log_opening(const database_info& what) const;

  template <class Actor>
  void watch(const Actor& whom);

  full_database_actor::pointer self_;
  std::shared_ptr<const options> opts_;
  metrics_ptr shared_;
  std::shared_ptr<writer_handover> handover_
    = std::make_shared<writer_handover>();

  enum phase phase_ = phase::opening;
  // Why the phase is `failed`.
  caf::error reason_;
  supervisor_actor supervisor_;
  sqlite_writer_actor writer_;
  reader_pool_actor readers_;
  indexer_actor indexer_;
  // A failed writer, while the readers close their connections.
  sqlite_writer_actor leaving_;
  // An actor of the system's own, once the database is closed or has failed.
  caf::actor_addr system_part_;
  bool children_started_ = false;
  // Whether the current or last writer had opened the file.
  bool writer_was_ready_ = false;
  database_info info_;

  // Accepted, and not sent to the writer yet.
  std::vector<pending_write_ptr> outgoing_;
  bool flush_scheduled_ = false;
  write_stash stash_;
  flow_gate_ptr gate_;
  std::optional<best_effort_lane> best_effort_;
  deferred_requests deferred_;

  std::optional<admission> admission_;

  std::optional<statistics_collector> collector_;
  // As of the last check.
  double requests_per_second_ = 0;
  std::optional<alert_monitor> monitor_;
  uint64_t writer_restarts_ = 0;
  uint64_t reader_restarts_ = 0;
  longest_write longest_;
  std::set<caf::actor> subscribers_;

  std::optional<closing> closing_;
  close_receipt close_receipt_;
  std::vector<caf::typed_response_promise<close_receipt>> close_replies_;
};

template <class F>
void database_state::log(log_level level, F line) const {
  try {
    opts_->log(level, line());
  } catch (const std::bad_alloc&) {
    // Informational: no code depends on it.
  }
}

template <class Actor>
void database_state::watch(const Actor& whom) {
  compat::watch(self_, whom,
                [this](const caf::actor_addr& who, const caf::error& reason) {
                  went_down(who, reason);
                });
}

} // namespace onewriter
