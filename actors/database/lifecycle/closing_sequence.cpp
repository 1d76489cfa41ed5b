#include "actors/database/lifecycle/closing_sequence.hpp"

#include "actors/support/thrown.hpp"

#include <utility>

namespace onewriter {

namespace {

closing_step after(closing_step what) {
  return static_cast<closing_step>(static_cast<uint8_t>(what) + 1);
}

} // namespace

// -- requests -------------------------------------------------------------------

void closing_sequence::add_reply(promise reply) {
  replies_.push_back(std::move(reply));
}

void closing_sequence::start(bool drain, clock::time_point limit) {
  drain_ = drain;
  limit_ = limit;
  life_.begin_closing();
  run_from(closing_step::opening);
}

void closing_sequence::shorten(bool drain, clock::time_point limit) {
  auto end = drain ? limit : now_();
  if (end >= limit_)
    return;
  limit_ = end;
  // It knows the limit from before.
  if (step_ == closing_step::writer)
    begin_writer();
  hurry();
}

// -- steps ----------------------------------------------------------------------

void closing_sequence::run_from(closing_step first) {
  step_ = first;
  while (begin(step_))
    step_ = after(step_);
}

// Returns whether the next step may begin at once. Without draining, jobs and
// messages in flight are not waited for: the writer still has to refuse them.
bool closing_sequence::begin(closing_step what) {
  switch (what) {
    case closing_step::opening:
      return begin_opening();
    case closing_step::index_jobs:
      return !begin_index_jobs() || !drains();
    case closing_step::best_effort:
      return parts_.finish_best_effort(drains()) || !drains();
    case closing_step::readers:
      return !begin_readers();
    case closing_step::writer:
      begin_writer();
      return false;
    default:
      return false;
  }
}

// The file may stay closed for a long time.
bool closing_sequence::begin_opening() {
  if (life_.now() != phase::opening)
    return parts_.all_have_started();
  if (!drains())
    close_without_writer();
  return false;
}

bool closing_sequence::begin_index_jobs() {
  return parts_.close_indexer(drains(), [this](uint64_t refused) {
    count_refused(refused);
    ended(closing_step::index_jobs);
  });
}

bool closing_sequence::begin_readers() {
  auto drain = drains();
  auto have_begun
    = parts_.close_readers(drain, [this] { ended(closing_step::readers); });
  // Not before: the readers refuse from now on what would be begun again.
  if (!drain)
    parts_.stop_running();
  return have_begun;
}

// Begins again with each writer that is ready.
void closing_sequence::begin_writer() {
  if (life_.is_open())
    parts_.close_file(drains(), limit_);
  else if (!drains())
    close_without_writer();
}

void closing_sequence::close_without_writer() {
  writer_closed what;
  what.refused = parts_.refuse_writes();
  what.commit = parts_.last_commit();
  stop_children(what);
}

void closing_sequence::stop_children(const writer_closed& what) {
  step_ = closing_step::supervisor;
  receipt_.refused += what.refused;
  receipt_.log_removed = what.log_removed;
  receipt_.commit = what.commit;
  life_.change_to(phase::closed);
  parts_.stop_children();
}

// -- events ---------------------------------------------------------------------

// Steps that the limit has cut short may end later.
void closing_sequence::ended(closing_step what) {
  if (life_.is_closing() && step_ == what)
    run_from(after(what));
}

void closing_sequence::file_opened() {
  auto needs_writer = step_ == closing_step::opening
                      || step_ == closing_step::best_effort
                      || step_ == closing_step::writer;
  if (life_.is_closing() && needs_writer)
    run_from(step_);
}

void closing_sequence::part_started() {
  if (life_.is_closing() && step_ == closing_step::opening)
    run_from(step_);
}

void closing_sequence::best_effort_settled() {
  if (life_.is_closing() && step_ == closing_step::best_effort)
    run_from(step_);
}

// Unless it took too long.
void closing_sequence::file_closed(const writer_closed& what) {
  if (life_.is_closing() && step_ == closing_step::writer)
    stop_children(what);
}

void closing_sequence::hurry() {
  if (!life_.is_closing() || now_() < limit_)
    return;
  auto needs_file
    = step_ == closing_step::opening || step_ == closing_step::writer;
  if (needs_file && !life_.is_open())
    return close_without_writer();
  if (std::exchange(hurried_, true))
    return;
  if (step_ == closing_step::index_jobs)
    parts_.hurry_indexer();
  if (step_ == closing_step::index_jobs || step_ == closing_step::best_effort)
    run_from(closing_step::best_effort);
  else if (step_ == closing_step::readers)
    parts_.hurry_readers();
  if (step_ == closing_step::readers || step_ == closing_step::writer)
    parts_.stop_running();
}

// -- the end --------------------------------------------------------------------

void closing_sequence::finish(statistics final_statistics) {
  receipt_.drained = receipt_.refused == 0;
  receipt_.final_statistics = std::move(final_statistics);
  answer_all(std::exchange(replies_, {}), receipt_);
}

void closing_sequence::fail(const caf::error& reason) {
  answer_all(std::exchange(replies_, {}), reason);
}

} // namespace onewriter
