#pragma once

#include "tests/sqlite/child_process.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace onewriter::test {

/// `onewriter serve` in a child process. Must be made before the test has
/// threads.
class service_process {
public:
  using environment = std::map<std::string, std::string>;

  enum class start { at_once, when_told };

  /// `words` are its command line behind `serve`. `variables` are set before.
  explicit service_process(const std::vector<std::string>& words,
                           const environment& variables = {},
                           start when = start::at_once);

  /// Starts a service that waits for that.
  void go();

  void send(int signal);

  /// Returns the time that its threads have run on processors.
  std::chrono::nanoseconds processor_time() const;

  /// Waits until it has ended. Returns the exit status, or a negative number
  /// where a signal has ended it.
  int end();

private:
  child_process process_;
};

/// Returns all of the file at `path`.
std::string content_of(const std::string& path);

/// Returns how often the file at `path` contains `part`.
int count_in(const std::string& path, const std::string& part);

/// Blocks until the file at `path` contains `part` `count` times. Returns false
/// where nothing in its folder has changed for a minute.
bool wait_for(const std::string& path, const std::string& part, int count = 1);

/// Returns the content of a configuration file that has `settings`, lines such
/// as `readers=2`, in `group`.
std::string config_text(const std::string& group, const std::string& settings);

} // namespace onewriter::test
