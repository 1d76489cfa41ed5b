#include "actors/database/database_children.hpp"

#include "actors/reader/worker/reader_pool_core.hpp"
#include "actors/support/thrown.hpp"
#include "onewriter/compat/errors.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <utility>

namespace onewriter {

// -- starting and stopping ---------------------------------------------------------

void database_children::start() {
  supervisor_options supervision;
  supervision.restarts = context_.opts->restarts;
  supervision.observer = caf::actor_cast<caf::actor>(context_.self->ctrl());
  supervision.observer_stops_children = true;
  supervision.children.push_back(writer_spec());
  supervisor_
    = spawn_supervisor(context_.self->system(), std::move(supervision));
}

child_spec database_children::writer_spec() const {
  child_spec result;
  result.id = writer_id;
  result.start = [core = context_.core(), opts = context_.opts,
                  shared = context_.shared, estate = context_.handover](
                   caf::actor_system& sys, const caf::error& last_reason) {
    auto writer
      = spawn_sqlite_writer(sys, core, opts, shared, estate, last_reason);
    return caf::actor_cast<caf::actor>(writer);
  };
  result.restart = restart_type::transient;
  result.judge = [estate = context_.handover](const caf::error& reason) {
    return estate->judge(reason);
  };
  result.shutdown_limit = std::chrono::seconds{30};
  return result;
}

child_spec database_children::readers_spec() const {
  child_spec result;
  result.id = readers_id;
  result.restart = restart_type::transient;
  // It is above a supervisor.
  result.shutdown_limit = std::chrono::nanoseconds::max();
  result.start
    = [core = context_.core(), opts = context_.opts,
       shared = context_.shared](caf::actor_system& sys, const caf::error&) {
        return caf::actor_cast<caf::actor>(
          spawn_reader_pool(sys, core, opts, shared));
      };
  return result;
}

child_spec database_children::indexer_spec() const {
  child_spec result;
  result.id = indexer_id;
  result.restart = restart_type::transient;
  result.start = [core = context_.core(), opts = context_.opts,
                  shared = context_.shared](caf::actor_system& sys,
                                            const caf::error&) {
    return caf::actor_cast<caf::actor>(spawn_indexer(sys, core, *opts, shared));
  };
  return result;
}

void database_children::start_others(
  const std::function<void(caf::error)>& on_failure) {
  others_started_ = true;
  auto readers = insist([this] { return readers_spec(); });
  insist([&] { ask_for(readers, on_failure); });
  auto indexer = insist([this] { return indexer_spec(); });
  insist([&] { ask_for(indexer, on_failure); });
}

// The handle comes with the event that the child was started; the end of the
// supervisor is a separate message.
void database_children::ask_for(
  const child_spec& spec, const std::function<void(caf::error)>& on_failure) {
  compat::request(context_.self, supervisor_, caf::infinite, start_child{spec})
    .then([](const caf::actor&) {},
          [on_failure](caf::error& err) {
            // One that was requested again exists already.
            if (!compat::is_receiver_gone(err) && err != ec::invalid_argument)
              on_failure(std::move(err));
          });
}

void database_children::stop() {
  writer_ = nullptr;
  must_send(supervisor_, stop_children{});
}

void database_children::abandon(const caf::error& reason) {
  if (readers_)
    insist([&] { compat::anon_send(readers_, close_readers{false, reason}); });
  forget_readers_and_indexer();
  writer_ = nullptr;
}

// -- coming and going --------------------------------------------------------------

void database_children::update(const child_event& event) {
  auto up = event.kind == child_event_kind::started;
  if (event.id == readers_id)
    readers_ = up ? caf::actor_cast<reader_pool_actor>(event.child)
                  : reader_pool_actor{};
  else
    indexer_
      = up ? caf::actor_cast<indexer_actor>(event.child) : indexer_actor{};
  if (up && event.id == indexer_id) {
    // It is the last that was asked for.
    others_have_been_there_ = true;
    must_send(indexer_, resume_jobs{});
  }
}

void database_children::forget_supervisor() {
  supervisor_ = nullptr;
}

void database_children::forget_readers_and_indexer() {
  readers_ = nullptr;
  indexer_ = nullptr;
}

void database_children::writer_is_ready(sqlite_writer_actor who) {
  writer_ = std::move(who);
  writer_was_ready_ = true;
}

bool database_children::writer_has_failed(sqlite_writer_actor who) {
  leaving_ = std::move(who);
  return std::exchange(writer_was_ready_, false);
}

void database_children::release_readers() {
  if (readers_)
    must_send(context_.self, readers_, release_connections{});
  insist([this] {
    context_.shared->gate.shut(
      [core = context_.core()] { must_send(core, readers_released{}); });
  });
}

void database_children::hand_over() {
  if (leaving_)
    must_send(context_.self, leaving_, handover_done{});
  leaving_ = nullptr;
}

// While the next pool is not known yet, requests wait for it.
void database_children::hand_over(const caf::actor& who) {
  if (readers_ && readers_.address() == who.address())
    readers_ = nullptr;
  must_send(context_.self, caf::actor_cast<reader_pool_core_actor>(who),
            handover_done{});
}

} // namespace onewriter
