#include "actors/writer/completion/completion.hpp"

#include "actors/core/pending_write_pool.hpp"
#include "actors/support/thrown.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <new>
#include <utility>

namespace onewriter {

namespace {

/// More receivers are woken on all threads of the scheduler, not on the
/// writer's: with work stealing, other threads take actors from a long queue
/// one at a time, and search the whole queue for each while it is locked.
constexpr size_t most_replies_on_own_thread = 128;

} // namespace

completion::completion(caf::local_actor* self, database_core_actor database,
                       std::shared_ptr<const options> opts, metrics_ptr shared)
  : self_{self},
    database_{std::move(database)},
    opts_{std::move(opts)},
    shared_{std::move(shared)},
    best_effort_{database_},
    letters_{opts_->log} {
  // nop
}

void completion::expect(const pending_write& what) {
  if (what.counted)
    arrivals_.add(what.arrived);
  if (std::holds_alternative<best_effort>(what.request))
    best_effort_.expect();
}

void completion::settle(std::vector<outcome>& xs) {
  if (xs.empty())
    return;
  auto now = pending_write::clock::now();
  for (auto& x : xs)
    count(x, now);
  publish_counts();
  auto where = xs.size() > most_replies_on_own_thread ? nullptr : self_;
  for (auto& x : xs)
    answer(x, where);
}

void completion::refuse(pending_write_ptr what, const caf::error& reason) {
  outcome x;
  x.what = std::move(what);
  x.error = reason;
  count(x, pending_write::clock::now());
  publish_counts();
  answer(x, self_);
}

void completion::answer(outcome& x, caf::local_actor* where) {
  auto& what = *x.what;
  // A failure to record statistics is ignored.
  try {
    note_duration(x);
  } catch (const std::bad_alloc&) {
    longest_ = longest_.zero();
  }
  letters_changed_ |= what.changes_letters;
  if (x.error == caf::none) {
    what.reply.deliver(std::move(x.receipt), where);
  } else if (what.reply) {
    if (std::holds_alternative<replay_dead_letter>(what.request))
      insist([&] { letters_.update(what, x.error); });
    what.reply.deliver(x.error, where);
  } else {
    insist([&] { letters_.file(what, x.error); });
  }
  if (pending_write_pool::takes(what))
    keep_for_reuse(std::move(x.what));
}

// If there is no memory for that, it is freed.
void completion::keep_for_reuse(pending_write_ptr what) {
  try {
    recyclable_.push_back(std::move(what));
  } catch (const std::bad_alloc&) {
    // nop
  }
}

void completion::count(const outcome& x, pending_write::clock::time_point now) {
  auto& what = *x.what;
  if (x.error == caf::none) {
    ++counts_.committed;
    shared_->writer.latencies[lane_index(what.in)].record(now - what.arrived);
  }
  if (std::holds_alternative<best_effort>(what.request))
    best_effort_.count(x.error == caf::none);
  if (!what.counted)
    return;
  arrivals_.remove(what.arrived);
  ++counts_.finished;
  counts_.finished_bytes += what.bytes;
  auto code = code_of(x.error);
  auto& counter = code == ec::none                ? counts_.acknowledged
                  : code == ec::deadline_exceeded ? counts_.expired
                                                  : counts_.failed;
  ++counter;
}

void completion::publish_counts() {
  auto& to = shared_->writer;
  auto counts = std::exchange(counts_, {});
  to.committed_requests.add(counts.committed);
  to.finished.add(counts.finished);
  to.finished_bytes.add(counts.finished_bytes);
  to.acknowledged.add(counts.acknowledged);
  to.expired.add(counts.expired);
  to.failed.add(counts.failed);
}

void completion::note_duration(outcome& x) {
  auto& what = *x.what;
  if (x.duration > longest_) {
    longest_ = x.duration;
    longest_write seen;
    seen.duration = x.duration;
    seen.sender = to_string(what.reply.source());
    seen.sql = title_of(what);
    compat::anon_send(database_, longest_write_seen{std::move(seen)});
  }
  if (x.duration > opts_->slow_statement) {
    shared_->writer.slow_statements.add(1);
    compat::anon_send(database_, slow_statement_seen{x.duration, title_of(what),
                                                     to_string(what.in)});
  }
}

bool completion::take_letters_changed() {
  return std::exchange(letters_changed_, false);
}

} // namespace onewriter
