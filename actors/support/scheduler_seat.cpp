#include "actors/support/scheduler_seat.hpp"

#include "messages/compat/execution.hpp"

#include <atomic>

namespace onewriter {

namespace {

std::atomic<size_t> taken_seats{0};

} // namespace

scheduler_seat::~scheduler_seat() {
  release();
}

bool scheduler_seat::take(caf::actor_system& sys) {
  auto workers = compat::worker_count(sys);
  auto taken = taken_seats.load(std::memory_order_relaxed);
  while (!is_taken_ && taken + 1 < workers)
    is_taken_ = taken_seats.compare_exchange_weak(taken, taken + 1,
                                                  std::memory_order_relaxed);
  return is_taken_;
}

void scheduler_seat::release() {
  if (is_taken_)
    taken_seats.fetch_sub(1, std::memory_order_relaxed);
  is_taken_ = false;
}

} // namespace onewriter
