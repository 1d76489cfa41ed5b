#include "messages/compat/calling_thread.hpp"

namespace onewriter::compat {

namespace {

/// What runs actors on this thread; null if it does not wait for a reply.
thread_local calling_thread* current_calling_thread = nullptr;

/// Messages of a short actor between two looks for the reply.
constexpr size_t short_messages = 8;

} // namespace

// -- scope ----------------------------------------------------------------------

// A function on the writer's thread may use a client of its own.
calling_thread::scope::scope(calling_thread* on)
  : on_{on},
    before_{current_calling_thread} {
  current_calling_thread = on;
}

calling_thread::scope::~scope() {
  current_calling_thread = before_;
  if (on_ != nullptr)
    on_->hand_over();
}

// -- jobs -----------------------------------------------------------------------

void calling_thread::take(caf::resumable* what) {
  auto is_here = current_calling_thread == this;
  if (!is_here || runs_long_one_ || count_ == jobs_.size())
    return compat::schedule(sys_, what);
  auto known = dynamic_cast<const caller_run*>(what);
  if (known == nullptr)
    return compat::schedule(sys_, what);
  jobs_[(first_ + count_) % jobs_.size()] = {what, known->may_take_long()};
  ++count_;
}

// What waited here for an actor that takes long, or that waits for another
// thread, might wait for ever.
void calling_thread::run_next() noexcept {
  auto next = pop();
  if (next.is_long)
    hand_over();
  runs_long_one_ = next.is_long;
  auto result = next.what->resume(this, next.is_long ? 1 : short_messages);
  runs_long_one_ = false;
  if (result == caf::resumable::resume_later)
    take(next.what);
  else
    intrusive_ptr_release(next.what);
}

calling_thread::job calling_thread::pop() {
  auto result = jobs_[first_];
  first_ = (first_ + 1) % jobs_.size();
  --count_;
  return result;
}

void calling_thread::hand_over() {
  while (count_ > 0)
    compat::schedule(sys_, pop().what);
}

// -- for CAF --------------------------------------------------------------------

#if CAF_MAJOR_VERSION >= 1

calling_thread::calling_thread(caf::actor_system& sys) : sys_{sys} {
  // nop
}

void calling_thread::schedule(caf::resumable* what) {
  compat::schedule(sys_, what);
}

void calling_thread::delay(caf::resumable* what) {
  take(what);
}

void calling_thread::start() {
  // nop
}

void calling_thread::stop() {
  // nop
}

#else

calling_thread::calling_thread(caf::actor_system& sys)
  : execution_context{&sys},
    sys_{sys} {
  // nop
}

void calling_thread::exec_later(caf::resumable* what) {
  take(what);
}

#endif

} // namespace onewriter::compat
