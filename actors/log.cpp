#include "onewriter/log.hpp"

#include <iostream>

namespace onewriter {

std::string to_string(log_level x) {
  switch (x) {
    case log_level::info:
      return "info";
    case log_level::warning:
      return "warning";
    default:
      return "error";
  }
}

void log_to_stderr(log_level level, std::string_view line) {
  if (level == log_level::info)
    return;
  // A single insertion, so that lines of several threads are not interleaved.
  auto text = "onewriter " + to_string(level) + ": ";
  text += line;
  text += '\n';
  std::cerr << text << std::flush;
}

} // namespace onewriter
