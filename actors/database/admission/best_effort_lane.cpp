#include "actors/database/admission/best_effort_lane.hpp"

#include "actors/support/thrown.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace onewriter {

namespace {

// One batch is part of one turn of the writer, beside other requests.
constexpr size_t batch_items = 1'024;

constexpr size_t batch_bytes = size_t{1} << 20;

} // namespace

best_effort_lane::best_effort_lane(const queue_options& limits)
  : queue_{{limits.best_effort_items, limits.best_effort_bytes}} {
  // nop
}

void best_effort_lane::push(best_effort what,
                            pending_write::clock::time_point now) {
  ++counts_.submitted;
  try {
    push_counted(std::move(what), now);
  } catch (const std::bad_alloc&) {
    ++counts_.dropped_full;
  }
}

void best_effort_lane::push_counted(best_effort what,
                                    pending_write::clock::time_point now) {
  auto key = what.key;
  auto bytes = what.bytes();
  auto result = queue_.push(std::move(key), bytes, {std::move(what), now});
  counts_.dropped_full += result.dropped;
  if (result.outcome == coalescing_outcome::replaced)
    ++counts_.coalesced;
  else if (result.outcome == coalescing_outcome::refused)
    ++counts_.dropped_too_big;
}

void best_effort_lane::drop() {
  ++counts_.submitted;
  ++counts_.dropped_closed;
}

void best_effort_lane::drop_all() {
  auto waiting = queue_.size() + returned_.messages.size();
  counts_.dropped_closed += waiting;
  queue_.take(queue_.size(), queue_.bytes());
  returned_ = {};
}

std::optional<best_effort_batch> best_effort_lane::next() {
  if (on_its_way_ > 0)
    return std::nullopt;
  auto batch = std::exchange(returned_, {});
  if (batch.messages.empty())
    batch = next_of_queue();
  if (batch.messages.empty())
    return std::nullopt;
  on_its_way_ = batch.messages.size();
  return batch;
}

// Allocates all memory before it takes any message.
best_effort_batch best_effort_lane::next_of_queue() {
  best_effort_batch result;
  auto room = std::min(queue_.size(), batch_items);
  result.messages.reserve(room);
  result.arrived.reserve(room);
  for (auto& x : queue_.take(batch_items, batch_bytes)) {
    result.messages.push_back(std::move(x.what));
    result.arrived.push_back(x.arrived);
  }
  return result;
}

void best_effort_lane::done(best_effort_done what) {
  counts_.written += what.written;
  counts_.failed += what.failed;
  counts_.dropped_unknown += what.unknown;
  on_its_way_ = 0;
  for (size_t i = 0; i < what.returned.size(); ++i)
    take_back(std::move(what.returned[i]), what.returned_arrived[i]);
}

void best_effort_lane::take_back(best_effort what,
                                 pending_write::clock::time_point arrived) {
  if (!what.key.empty() && queue_.contains(what.key)) {
    ++counts_.coalesced;
    return;
  }
  insist([&] { returned_.messages.push_back(std::move(what)); });
  insist([&] { returned_.arrived.push_back(arrived); });
}

void best_effort_lane::lost() {
  counts_.dropped_unknown += std::exchange(on_its_way_, 0);
}

best_effort_counts best_effort_lane::counts() const {
  auto result = counts_;
  result.pending = queue_.size() + returned_.messages.size() + on_its_way_;
  return result;
}

} // namespace onewriter
