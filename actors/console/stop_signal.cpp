#include "actors/console/stop_signal.hpp"

#include <utility>

#include <pthread.h>
#include <unistd.h>

namespace onewriter {

namespace {

sigset_t stop_signals() {
  sigset_t result;
  sigemptyset(&result);
  for (auto x : {SIGINT, SIGTERM, SIGHUP, SIGTSTP})
    sigaddset(&result, x);
  return result;
}

} // namespace

signal_shield::signal_shield() {
  auto signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // A closed pipe and a file that may not grow are reported by the write call.
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
}

stop_signal::stop_signal(reactions what)
  : what_{std::move(what)},
    thread_{[this] {
      wait();
    }} {
  // nop
}

stop_signal::~stop_signal() {
  done_ = true;
  pthread_kill(thread_.native_handle(), SIGTERM);
  thread_.join();
}

void stop_signal::wait() {
  auto signals = stop_signals();
  auto hung_up = false;
  for (auto count = 0;;) {
    int number = 0;
    if (sigwait(&signals, &number) != 0 || done_)
      return;
    if (number == SIGTSTP) {
      what_.pause();
      kill(getpid(), SIGSTOP);
    } else if (what_.intercept && what_.intercept(number)) {
      continue;
    } else if (number == SIGHUP && std::exchange(hung_up, true)) {
      // The kernel and the terminal program both say that it was closed.
      continue;
    } else if (++count == 1) {
      what_.first();
    } else {
      what_.second();
    }
  }
}

} // namespace onewriter
