#pragma once

#include "onewriter/log.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace onewriter::node {

/// Takes what the database logs. While a display draws on the screen, only the
/// display may write there, so lines are kept for it; otherwise they go to the
/// standard error stream. Any thread may call any function.
class event_log {
public:
  enum class mode : uint8_t {
    /// Warnings and errors are printed.
    print,
    /// Only errors are printed.
    print_errors,
    /// Nothing is printed.
    keep,
  };

  void add(log_level level, std::string_view line);

  /// Returns the last warnings and errors, the oldest first.
  std::vector<std::string> last(size_t count) const;

  /// Goes over to another mode; at first everything is kept. Errors that were
  /// kept are printed where errors are from now on.
  void become(enum mode what);

private:
  static constexpr size_t most_lines = 20;

  mutable std::mutex mutex_;
  enum mode mode_ = mode::keep;
  std::vector<std::string> lines_;
  std::vector<std::string> errors_;
};

/// Returns what an `options::log` can be.
[[nodiscard]] log_sink sink_of(std::shared_ptr<event_log> log);

} // namespace onewriter::node
