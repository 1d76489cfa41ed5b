#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace onewriter::node {

/// Ends the process with `status`, after a line on standard error, if this
/// object lives for longer than `limit`: a system call to a file server that
/// does not answer returns in no other way.
class time_limit {
public:
  time_limit(std::chrono::nanoseconds limit, int status);

  time_limit(const time_limit&) = delete;

  time_limit& operator=(const time_limit&) = delete;

  ~time_limit();

private:
  void wait(std::chrono::nanoseconds limit, int status);

  bool done_ = false;
  std::mutex mutex_;
  std::condition_variable wake_;
  // The last member: it uses the others.
  std::thread thread_;
};

} // namespace onewriter::node
