#pragma once

#include "tests/crash/process/run_record.hpp"
#include "tests/crash/process/writer_orders.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace onewriter::test {

/// This program once more, as the process that owns the database. Killed, if it
/// still runs, with the object; and by the kernel with the driver.
class writer_process {
public:
  /// Starts the process; `more` are further words for its command line. Throws
  /// where that fails.
  writer_process(writer_orders orders, const std::vector<std::string>& more);

  writer_process(const writer_process&) = delete;

  writer_process& operator=(const writer_process&) = delete;

  ~writer_process();

  /// Reads what the process says until `enough` of the record holds. Returns
  /// false where the process ended, or `limit` passed, without that.
  bool listen_until(const std::function<bool(const run_record&)>& enough,
                    std::chrono::milliseconds limit);

  /// Sends a signal. The process is not reaped yet, so its number is its own.
  void signal(int number);

  /// Reads what the process says until it has ended, and returns its status as
  /// waitpid(2) has it. What runs on after `limit` is killed.
  int wait(std::chrono::milliseconds limit);

  const run_record& record() const {
    return record_;
  }

private:
  // Blocks for more text; false where there is none to come, or not in time.
  bool read_more(std::chrono::steady_clock::time_point deadline);

  pid_t pid_ = -1;
  int events_ = -1;
  std::string unread_;
  run_record record_;
};

/// Words for the command line of a writer process.
std::vector<std::string> to_words(const writer_orders& x);

} // namespace onewriter::test
