#include "app/serve/service_events.hpp"

#include <utility>

#include <signal.h>

namespace onewriter::node {

namespace {

stop_signal::reactions reactions_of(service_events& events,
                                    std::function<void()> second_stop) {
  stop_signal::reactions result;
  result.first = [&events] {
    events.push({service_event::stop});
  };
  result.second = std::move(second_stop);
  result.pause = [] {
    // nop: there is no terminal to restore
  };
  result.intercept = [&events](int signal) {
    if (signal == SIGHUP)
      events.push({service_event::reload});
    return signal == SIGHUP;
  };
  return result;
}

} // namespace

service_events::service_events(std::function<void()> second_stop)
  : signals_{reactions_of(*this, std::move(second_stop))} {
  // nop
}

void service_events::push(service_event what) {
  {
    std::lock_guard<std::mutex> guard{mutex_};
    events_.push_back(std::move(what));
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
  auto result = std::move(events_.front());
  events_.pop_front();
  return result;
}

} // namespace onewriter::node
