#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace onewriter {

/// How important a line of the log is.
enum class log_level : uint8_t {
  /// What was opened, closed, replaced.
  info,
  /// Something went wrong and was dealt with.
  warning,
  /// Something went wrong and needs a person.
  error,
};

std::string to_string(log_level x);

/// Gets each line of the log, without a line break. Called by several actors on
/// several threads at once; must not block for long and must not throw. An
/// empty sink discards the log.
using log_sink = std::function<void(log_level, std::string_view line)>;

/// The default: warnings and errors go to the standard error stream.
void log_to_stderr(log_level level, std::string_view line);

} // namespace onewriter
