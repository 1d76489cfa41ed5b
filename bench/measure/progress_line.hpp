#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace onewriter::bench {

/// One line on standard error, redrawn and erased in the end; nothing if
/// standard error is no terminal.
class progress_line {
public:
  /// The `number`-th of `total` measurements.
  progress_line(size_t number, size_t total, const std::string& title);

  progress_line(const progress_line&) = delete;

  progress_line& operator=(const progress_line&) = delete;

  ~progress_line();

  /// Called by one thread at a time.
  void show(uint64_t writes);

private:
  void draw(const std::string& text);

  bool is_live_;
  std::string start_text_;
  std::chrono::steady_clock::time_point start_;
};

} // namespace onewriter::bench
