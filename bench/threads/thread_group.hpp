#pragma once

#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace onewriter::bench {

/// Threads that end by themselves, and the first exception that one of them
/// ended with.
class thread_group {
public:
  thread_group() = default;

  thread_group(const thread_group&) = delete;

  thread_group& operator=(const thread_group&) = delete;

  ~thread_group() {
    wait();
  }

  template <class F>
  void start(F body) {
    threads_.emplace_back([this, body = std::move(body)]() mutable {
      try {
        body();
      } catch (...) {
        keep(std::current_exception());
      }
    });
  }

  /// Waits for all threads, then throws what one of them threw.
  void join() {
    wait();
    if (failure_ != nullptr)
      std::rethrow_exception(std::exchange(failure_, nullptr));
  }

private:
  void wait() {
    for (auto& x : threads_)
      x.join();
    threads_.clear();
  }

  void keep(std::exception_ptr failure) {
    std::lock_guard<std::mutex> guard{mutex_};
    if (failure_ == nullptr)
      failure_ = std::move(failure);
  }

  std::mutex mutex_;
  std::exception_ptr failure_;
  std::vector<std::thread> threads_;
};

} // namespace onewriter::bench
