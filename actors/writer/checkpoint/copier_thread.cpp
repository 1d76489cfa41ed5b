#include "actors/writer/checkpoint/copier_thread.hpp"

#include "actors/support/thrown.hpp"
#include "onewriter/protocol.hpp"

#include <new>
#include <utility>

namespace onewriter {

copier_thread::copier_thread(sqlite::connection_options how,
                             sqlite::known_files files,
                             std::function<void()> when_done)
  : how_{std::move(how)},
    files_{std::move(files)},
    when_done_{std::move(when_done)},
    thread_{[this] {
      run();
    }} {
  // nop
}

copier_thread::~copier_thread() {
  {
    std::lock_guard guard{mutex_};
    is_ending_ = true;
  }
  interrupt();
  changed_.notify_all();
  thread_.join();
}

void copier_thread::start() {
  is_copying_ = true;
  is_done_ = false;
  is_stopping_ = false;
  {
    std::lock_guard guard{mutex_};
    phase_ = phase::ordered;
  }
  changed_.notify_all();
}

// The flag first: a copy that has not looked at it yet is stopped by SQLite.
void copier_thread::interrupt() {
  is_stopping_ = true;
  std::lock_guard guard{mutex_};
  if (copier_)
    copier_->interrupt();
}

copier_thread::outcome copier_thread::take() {
  std::unique_lock guard{mutex_};
  changed_.wait(guard, [this] { return phase_ == phase::done; });
  phase_ = phase::idle;
  is_copying_ = false;
  return std::move(outcome_);
}

// -- on the new thread --------------------------------------------------------------

void copier_thread::run() {
  std::unique_lock guard{mutex_};
  for (;;) {
    changed_.wait(guard,
                  [this] { return is_ending_ || phase_ == phase::ordered; });
    if (is_ending_)
      break;
    guard.unlock();
    auto result = copy();
    guard.lock();
    outcome_ = std::move(result);
    phase_ = phase::done;
    is_done_ = true;
    guard.unlock();
    changed_.notify_all();
    tell();
    guard.lock();
  }
  copier_.reset();
}

copier_thread::outcome copier_thread::copy() {
  outcome result;
  result.problem = caught("copying the log", [this] { return try_to_copy(); });
  result.is_index_suspect = copier_ && copier_->is_index_suspect();
  return result;
}

caf::error copier_thread::try_to_copy() {
  if (!copier_) {
    auto made = sqlite::log_copier::open(how_, files_);
    if (!made)
      return std::move(made.error());
    std::lock_guard guard{mutex_};
    copier_ = std::move(*made);
  }
  for (;;) {
    if (is_stopping_)
      return make_failure(ec::run_limit_exceeded, "the copy was stopped");
    auto receipt = copier_->run();
    if (receipt)
      return {};
    // Else the interrupt was meant for the copy before, and came late.
    if (receipt.error() != ec::run_limit_exceeded || is_stopping_)
      return std::move(receipt.error());
  }
}

// The writer looks for the outcome before it makes a checkpoint in any case.
void copier_thread::tell() {
  try {
    when_done_();
  } catch (const std::bad_alloc&) {
    // nop
  }
}

} // namespace onewriter
