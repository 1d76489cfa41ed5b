#pragma once

#include "messages/compat/execution.hpp"

#include <array>
#include <cstddef>

namespace onewriter::compat {

/// An actor that the thread of a waiting caller may run.
class caller_run {
public:
  virtual ~caller_run() = default;

  /// Whether a message may take long, or wait for other actors. Constant.
  virtual bool may_take_long() const noexcept = 0;
};

/// Runs actors on a thread that waits for a reply, instead of waking a thread
/// of the scheduler: those that are `caller_run`, in the order in which they
/// became runnable here. All others go to the scheduler.
///
/// An actor keeps a pointer to the context that ran it last, and may use it
/// when it is destroyed, on any thread. So this object has to exist as long as
/// the actor system; what comes from threads that do not run it goes to the
/// scheduler.
class calling_thread final : public execution_context {
public:
  explicit calling_thread(caf::actor_system& sys);

  calling_thread(const calling_thread&) = delete;

  calling_thread& operator=(const calling_thread&) = delete;

  /// Lets the current thread run actors for as long as this object exists. Its
  /// destructor hands those that are left to the scheduler.
  class scope {
  public:
    explicit scope(calling_thread* on);

    scope(const scope&) = delete;

    scope& operator=(const scope&) = delete;

    ~scope();

  private:
    calling_thread* on_;
    calling_thread* before_;
  };

  /// Runs actors until `is_done()`, or none is runnable. Those that are left go
  /// to the scheduler: the thread may block now.
  template <class F>
  void run_until(F is_done) {
    while (count_ > 0 && !is_done())
      run_next();
    hand_over();
  }

  // -- for CAF ---------------------------------------------------------------

#if CAF_MAJOR_VERSION >= 1
  void schedule(caf::resumable* what) override;

  void delay(caf::resumable* what) override;

  void start() override;

  void stop() override;
#else
  void exec_later(caf::resumable* what) override;
#endif

private:
  struct job {
    caf::resumable* what = nullptr;
    bool is_long = false;
  };

  void take(caf::resumable* what);

  // As on the scheduler's threads, an exception ends the process.
  void run_next() noexcept;

  job pop();

  void hand_over();

  caf::actor_system& sys_;
  // A request makes two or three actors runnable. More go to the scheduler, so
  // that nothing is allocated.
  std::array<job, 8> jobs_;
  size_t first_ = 0;
  size_t count_ = 0;
  bool runs_long_one_ = false;
};

} // namespace onewriter::compat
