#pragma once

#include "onewriter/log.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace onewriter::node {

enum class log_format : uint8_t {
  /// Time, level, database and message, separated by spaces.
  text,
  /// A JSON object a line.
  json,
};

struct log_settings {
  /// Lines below this level are left out.
  log_level level = log_level::info;
  log_format format = log_format::text;
  /// Lines are appended to it; empty means the standard error stream.
  std::string file;
};

/// Takes what a service logs. Any thread may call any function.
class service_log {
public:
  service_log() = default;

  service_log(const service_log&) = delete;

  service_log& operator=(const service_log&) = delete;

  ~service_log();

  /// Goes over to `what`, and opens its file again, so that a file that was
  /// renamed is let go. Returns why the file cannot be opened, and goes on as
  /// before then; else an empty text.
  [[nodiscard]] std::string configure(log_settings what);

  /// Writes a line about `database`, or about the service as a whole where that
  /// is empty. A line that its file does not take goes to the standard error
  /// stream.
  void write(log_level level, std::string_view database, std::string_view text);

  void info(std::string_view text) {
    write(log_level::info, {}, text);
  }

  void warning(std::string_view text) {
    write(log_level::warning, {}, text);
  }

  void error(std::string_view text) {
    write(log_level::error, {}, text);
  }

private:
  // A file of this object; negative for the standard error stream.
  int file_ = -1;
  log_settings settings_;
  std::mutex mutex_;
};

using service_log_ptr = std::shared_ptr<service_log>;

/// Returns a line of the log without its line break. `unix_ms` is the time in
/// milliseconds since 1970.
[[nodiscard]] std::string log_line(log_format format, int64_t unix_ms,
                                   log_level level, std::string_view database,
                                   std::string_view text);

} // namespace onewriter::node
