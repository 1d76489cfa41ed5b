#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

namespace onewriter::bench {

/// A queue that any thread puts things into and one thread empties. The things
/// have a member `next`, stay with their owners, and must not move while they
/// are queued, so nothing is allocated or copied, and a `push` is one atomic
/// operation. Only the first thing in an empty queue wakes the other thread.
template <class T>
class inbox {
public:
  // -- any thread -------------------------------------------------------------

  void push(T& x) {
    auto newest = newest_.load(std::memory_order_relaxed);
    do
      x.next = newest;
    while (!newest_.compare_exchange_weak(newest, &x, std::memory_order_release,
                                          std::memory_order_relaxed));
    if (newest == nullptr)
      wake();
  }

  /// Nothing is pushed from here on.
  void close() {
    closed_.store(true);
    wake();
  }

  // -- the thread that empties it -----------------------------------------------

  /// Appends what is there, oldest first, and returns whether there was
  /// something.
  bool take(std::vector<T*>& to) {
    auto had = static_cast<std::ptrdiff_t>(to.size());
    auto x = newest_.exchange(nullptr, std::memory_order_acquire);
    for (; x != nullptr; x = x->next)
      to.push_back(x);
    std::reverse(to.begin() + had, to.end());
    return to.begin() + had != to.end();
  }

  /// The same, but waits; returns false where it is closed and empty.
  bool wait_and_take(std::vector<T*>& to) {
    if (take(to))
      return true;
    {
      std::unique_lock<std::mutex> guard{mutex_};
      arrived_.wait(guard, [this] {
        return newest_.load(std::memory_order_relaxed) != nullptr || closed_;
      });
    }
    return take(to);
  }

private:
  void wake() {
    // A waiting thread has looked before this or looks after it.
    mutex_.lock();
    mutex_.unlock();
    arrived_.notify_one();
  }

  alignas(64) std::atomic<T*> newest_{nullptr};
  alignas(64) std::mutex mutex_;
  std::condition_variable arrived_;
  std::atomic<bool> closed_{false};
};

} // namespace onewriter::bench
