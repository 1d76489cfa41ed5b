#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace onewriter {

/// Severity of a log line.
enum class log_level : uint8_t {
  /// Something was opened, closed or replaced.
  info,
  /// Something failed and was handled.
  warning,
  /// Something failed and a person has to intervene.
  error,
};

std::string to_string(log_level x);

/// Receives each line of the log, without a line break. Called by several
/// actors on several threads at once, and on those that wait in `client`; must
/// not block for long and must not throw. An empty sink discards the log.
using log_sink = std::function<void(log_level, std::string_view line)>;

/// The default sink: writes warnings and errors to the standard error stream.
void log_to_stderr(log_level level, std::string_view line);

} // namespace onewriter
