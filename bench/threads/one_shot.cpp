#include "bench/threads/one_shot.hpp"

#include <ctime>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace onewriter::bench {

namespace {

// The clock is CLOCK_MONOTONIC, which is what the kernel waits by.
timespec since_epoch(one_shot::clock::time_point when) {
  using namespace std::chrono;
  auto all = duration_cast<nanoseconds>(when.time_since_epoch()).count();
  return {static_cast<time_t>(all / 1'000'000'000),
          static_cast<long>(all % 1'000'000'000)};
}

// Sleeps while the word has this value, until the end where there is one.
void sleep_while(std::atomic<uint32_t>& word, uint32_t value,
                 const timespec* end) {
  ::syscall(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, value, end, nullptr,
            FUTEX_BITSET_MATCH_ANY);
}

} // namespace

bool one_shot::announce_sleep() {
  uint32_t expected = pending;
  return state_.compare_exchange_strong(expected, awaited,
                                        std::memory_order_acquire)
         || expected == awaited;
}

bool one_shot::wait() {
  while (!is_given())
    if (announce_sleep())
      sleep_while(state_, awaited, nullptr);
  return state_.load(std::memory_order_acquire) == given_yes;
}

bool one_shot::wait_until(clock::time_point end) {
  auto until = since_epoch(end);
  while (!is_given() && clock::now() < end)
    if (announce_sleep())
      sleep_while(state_, awaited, &until);
  return is_given();
}

void one_shot::wake() {
  ::syscall(SYS_futex, &state_, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

} // namespace onewriter::bench
