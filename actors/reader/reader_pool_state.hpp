#pragma once

#include "actors/reader/cursor_slots.hpp"
#include "actors/reader/pool_end.hpp"
#include "actors/reader/queue/maintenance_queue.hpp"
#include "actors/reader/queue/reader_groups.hpp"
#include "actors/reader/reader_pool.hpp"
#include "actors/reader/worker/reader_context.hpp"
#include "actors/supervision/supervisor.hpp"
#include "onewriter/compat/interface.hpp"
#include "onewriter/compat/messaging.hpp"

#include <chrono>
#include <memory>
#include <vector>

namespace onewriter {

/// The reader pool with the interface for its own actors.
using full_reader_pool_actor = compat::handle<
  compat::joined_trait<reader_pool_trait, reader_pool_core_trait>>;

/// The state of a reader pool, for its own sources only: the requests that it
/// accepts (`reader_pool.cpp`), what it does after each change
/// (`reader_pool_progress.cpp`) and how it ends (`reader_pool_end.cpp`). Runs
/// on the scheduler's threads.
class reader_pool_state {
public:
  using pointer = full_reader_pool_actor::pointer;

  explicit reader_pool_state(pointer self) : self_{self} {
    // nop
  }

  // CAF 0.17 sends no error for a broken promise.
  ~reader_pool_state();

  full_reader_pool_actor::behavior_type
  make_behavior(database_core_actor database,
                std::shared_ptr<const options> opts, metrics_ptr shared);

  static inline const char* name = "onewriter.reader_pool";

private:
  using clock_type = std::chrono::steady_clock;

  static constexpr auto never = clock_type::time_point::max();

  // -- requests ------------------------------------------------------------------

  template <class Reply, class Request>
  caf::result<Reply> accept(Request& what, std::chrono::nanoseconds deadline);

  template <class Reply, class Request>
  caf::result<Reply> take_back(read_work<Request>& work);

  template <class Reply, class Request>
  caf::result<Reply> enqueue(read_work<Request>&& work);

  caf::result<cursor_actor> open(open_cursor& what);

  template <class Reply, class Request>
  caf::result<Reply> maintain(Request& what, clock_type::time_point expires);

  caf::result<integrity_report> check(integrity_check& what);

  // -- progress ------------------------------------------------------------------

  void start_readers();

  void advance();

  void run(pending_maintenance what);

  void add_idle(uint32_t slot);

  void release_connections_of_all();

  void forget_cursor(const caf::actor_addr& who);

  void on_event(child_event& event);

  void on_down(const caf::actor_addr& who, const caf::error& why);

  void set_timer();

  void on_timer(check_waiting what);

  void publish();

  template <class Handle>
  void watch(const Handle& what) {
    compat::watch(self_, what,
                  [this](const caf::actor_addr& who, const caf::error& why) {
                    on_down(who, why);
                  });
  }

  // -- the end -------------------------------------------------------------------

  caf::result<void> close(const close_readers& how);

  void on_exit_message(caf::exit_msg& msg);

  void on_supervisor_down(const caf::error& why);

  void end_unasked(const caf::error& why);

  void wind_down(bool begins);

  void refuse_waiting(const caf::error& reason);

  void advance_end();

  void finish_handover();

  pointer self_;
  reader_context context_;
  // Empty once it has ended.
  supervisor_actor supervisor_;
  reader_groups readers_;
  cursor_slots cursors_;
  maintenance_queue maintenance_;
  // The time of the next valid `check_waiting`.
  clock_type::time_point timer_ = never;
  pool_end end_;
  std::vector<caf::typed_response_promise<void>> close_asked_;
};

} // namespace onewriter
