#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace onewriter::bench {

/// A promise without its costs: one thread waits for yes or no, another one
/// gives it. Allocates nothing, and calls the kernel only if a thread sleeps.
/// Can be used again after `reset`.
class one_shot {
public:
  using clock = std::chrono::steady_clock;

  // -- waiting thread ---------------------------------------------------------

  /// Before the other thread hears of it.
  void reset() {
    state_.store(pending, std::memory_order_relaxed);
  }

  bool is_given() const {
    return state_.load(std::memory_order_acquire) > awaited;
  }

  /// Returns what was given.
  bool wait();

  /// Returns whether something was given in time.
  bool wait_until(clock::time_point end);

  // -- giving thread ----------------------------------------------------------

  /// Returns whether the other thread sleeps and needs a `wake`. Separate, so
  /// that all replies of a transaction are there before the first one wakes.
  [[nodiscard]] bool give(bool yes) {
    return state_.exchange(yes ? given_yes : given_no,
                           std::memory_order_acq_rel)
           == awaited;
  }

  /// Harmless if no thread sleeps any more.
  void wake();

private:
  enum state : uint32_t { pending, awaited, given_yes, given_no };

  // Returns whether there is a reason to sleep.
  bool announce_sleep();

  std::atomic<uint32_t> state_{pending};

  // What the kernel takes for a futex.
  static_assert(sizeof(std::atomic<uint32_t>) == sizeof(uint32_t));
};

} // namespace onewriter::bench
