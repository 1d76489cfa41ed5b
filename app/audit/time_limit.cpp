#include "app/audit/time_limit.hpp"

#include <string_view>

#include <unistd.h>

namespace onewriter::node {

time_limit::time_limit(std::chrono::nanoseconds limit, int status)
  : thread_{[this, limit, status] {
      wait(limit, status);
    }} {
  // nop
}

time_limit::~time_limit() {
  {
    std::lock_guard guard{mutex_};
    done_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void time_limit::wait(std::chrono::nanoseconds limit, int status) {
  std::unique_lock guard{mutex_};
  if (wake_.wait_for(guard, limit, [this] { return done_; }))
    return;
  constexpr std::string_view text
    = "onewriter: the file system or /proc does not answer\n";
  auto ignored = ::write(STDERR_FILENO, text.data(), text.size());
  static_cast<void>(ignored);
  ::_exit(status);
}

} // namespace onewriter::node
