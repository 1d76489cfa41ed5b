#pragma once

#include "actors/sqlite/log_copier.hpp"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace onewriter {

/// A thread that copies the log when the writer tells it to. Its connections
/// are opened by the first copy, and closed when this object is destroyed. All
/// functions are for the writer's thread.
class copier_thread {
public:
  struct outcome {
    /// None where the log was copied as far as readers allow. `ec::busy` and
    /// `ec::run_limit_exceeded` (after `interrupt`): try again. After all other
    /// errors this object can only be destroyed.
    caf::error problem;
    /// See `sqlite::connection::is_index_suspect`.
    bool is_index_suspect = false;
  };

  /// `when_done` is called on the new thread after each copy; it is a hint that
  /// may get lost without memory. Throws `std::system_error` if the operating
  /// system cannot start a thread.
  copier_thread(sqlite::connection_options how, sqlite::known_files files,
                std::function<void()> when_done);

  copier_thread(const copier_thread&) = delete;

  copier_thread& operator=(const copier_thread&) = delete;

  /// Interrupts a copy, waits for its end, and closes the connections.
  ~copier_thread();

  /// Starts a copy; only while there is none.
  void start();

  /// Whether there is a copy whose outcome has not been taken.
  bool is_copying() const {
    return is_copying_;
  }

  /// Whether `take` would not wait.
  bool is_done() const {
    return is_done_;
  }

  /// Stops the copy before its next page.
  void interrupt();

  /// Waits for the end of the copy and returns its outcome.
  outcome take();

private:
  enum class phase { idle, ordered, done };

  void run();

  outcome copy();

  caf::error try_to_copy();

  void tell();

  const sqlite::connection_options how_;
  const sqlite::known_files files_;
  const std::function<void()> when_done_;
  bool is_copying_ = false;
  std::atomic<bool> is_done_{false};
  std::atomic<bool> is_stopping_{false};

  std::mutex mutex_;
  std::condition_variable changed_;
  phase phase_ = phase::idle;
  bool is_ending_ = false;
  outcome outcome_;
  // Changed by the thread only, under the mutex.
  std::unique_ptr<sqlite::log_copier> copier_;

  std::thread thread_;
};

} // namespace onewriter
