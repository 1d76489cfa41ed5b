#include "app/serve/service_events.hpp"

#include <utility>

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

namespace onewriter::node {

namespace {

// Those of a `signal_shield`.
sigset_t service_signals() {
  sigset_t result;
  sigemptyset(&result);
  for (auto x : {SIGINT, SIGTERM, SIGHUP, SIGTSTP})
    sigaddset(&result, x);
  return result;
}

} // namespace

service_events::service_events(std::function<void()> second_stop)
  : second_stop_{std::move(second_stop)},
    thread_{[this] {
      wait_for_signals();
    }} {
  // nop
}

service_events::~service_events() {
  done_ = true;
  pthread_kill(thread_.native_handle(), SIGTERM);
  thread_.join();
}

void service_events::push(service_event what) {
  {
    std::lock_guard<std::mutex> guard{mutex_};
    events_.push_back(what);
  }
  is_filled_.notify_one();
}

std::optional<service_event>
service_events::wait_until(const std::optional<time_point>& limit) {
  std::unique_lock<std::mutex> guard{mutex_};
  auto has_event = [this] {
    return !events_.empty();
  };
  if (!limit)
    is_filled_.wait(guard, has_event);
  else if (!is_filled_.wait_until(guard, *limit, has_event))
    return std::nullopt;
  auto result = events_.front();
  events_.pop_front();
  return result;
}

void service_events::wait_for_signals() {
  auto signals = service_signals();
  auto stopped = false;
  for (;;) {
    int number = 0;
    if (sigwait(&signals, &number) != 0 || done_)
      return;
    if (number == SIGTSTP)
      kill(getpid(), SIGSTOP);
    else if (number == SIGHUP)
      push(service_event::reload);
    else if (!std::exchange(stopped, true))
      push(service_event::stop);
    else
      second_stop_();
  }
}

} // namespace onewriter::node
