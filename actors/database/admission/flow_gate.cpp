#include "actors/database/admission/flow_gate.hpp"

#include "onewriter/failure.hpp"

#include <algorithm>
#include <utility>

namespace onewriter {

namespace {

// With a short queue, a few messages that the database has not read yet would
// be dropped here, the newest first, whereas the queue drops the oldest.
queue_options widened(queue_options limits) {
  const queue_options least;
  limits.best_effort_items
    = std::max(limits.best_effort_items, least.best_effort_items);
  limits.best_effort_bytes
    = std::max(limits.best_effort_bytes, least.best_effort_bytes);
  return limits;
}

} // namespace

flow_gate::flow_gate(const queue_options& limits) : limits_{widened(limits)} {
  // nop
}

bool flow_gate::enter_write(uint64_t bytes) {
  return enter(bytes, limits_.max_items, limits_.max_bytes, refused_writes_);
}

bool flow_gate::enter_best_effort(uint64_t bytes) {
  return enter(bytes, limits_.best_effort_items, limits_.best_effort_bytes,
               dropped_);
}

void flow_gate::enter_anyway(uint64_t items, uint64_t bytes) {
  items_.fetch_add(items);
  bytes_.fetch_add(bytes);
}

caf::error flow_gate::refusal() {
  failure details;
  details.message = "too much is in flight to the database; send less at once, "
                    "or later";
  details.retry_after = std::chrono::milliseconds{10};
  return make_failure(ec::overloaded, std::move(details));
}

bool flow_gate::enter(uint64_t bytes, uint64_t max_items, uint64_t max_bytes,
                      std::atomic<uint64_t>& refused) {
  auto items_before = items_.fetch_add(1);
  auto bytes_before = bytes_.fetch_add(bytes);
  auto fits = items_before < max_items && bytes_before + bytes <= max_bytes;
  if (fits || items_before == 0)
    return true;
  leave(bytes);
  refused.fetch_add(1);
  return false;
}

void flow_gate::leave(uint64_t bytes) {
  leave(1, bytes);
}

void flow_gate::leave(uint64_t items, uint64_t bytes) {
  bytes_.fetch_sub(bytes);
  items_.fetch_sub(items);
}

// Addresses are even.
uint64_t flow_gate::next_sender() {
  return senders_.fetch_add(2) + 1;
}

void flow_gate::add_to(statistics& to) const {
  auto refused = refused_writes_.load();
  auto dropped = dropped_.load();
  to.writes.submitted += refused;
  to.writes.refused += refused;
  to.best_effort.submitted += dropped;
  to.best_effort.dropped_full += dropped;
}

} // namespace onewriter
