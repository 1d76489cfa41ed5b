#include "actors/reader/queue/reader_group.hpp"

namespace onewriter {

caf::error reader_group::check_room() const {
  if (readers.has_idle() || waiting.size() < max_waiting_)
    return {};
  // The estimated wait in the queue is the time that its first request has
  // waited.
  std::chrono::nanoseconds wait{0};
  if (!waiting.empty())
    wait = std::chrono::steady_clock::now() - waiting.front().arrived();
  return too_many_queries(waiting.size(), wait);
}

void reader_group::advance() {
  while (!waiting.empty() && readers.has_idle()) {
    auto& reader = readers.take_idle();
    auto next = waiting.pop();
    if (auto err = next.delegate_to(reader); err != caf::none) {
      readers.put_back(reader);
      next.refuse(err);
    }
  }
}

} // namespace onewriter
