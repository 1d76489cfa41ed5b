#pragma once

#include "actors/console/terminal.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace onewriter::node {

/// A bar on the terminal that shows how far something is, and how long the rest
/// will take. Used in one thread.
class live_bar {
public:
  /// `title` is a word before the bar. Nothing is drawn where not `live`, or
  /// where standard output is no terminal that can move its cursor.
  live_bar(std::string title, bool live);

  /// Draws it, but not more often than ten times a second. `text` follows the
  /// share of `all` that is done. The first call begins what is measured.
  void show(uint64_t done, uint64_t all, const std::string& text);

  /// Makes room for another line of output.
  void clear();

  /// Removes it for good.
  void finish();

  /// The time since the first call of `show`.
  double elapsed_seconds() const;

private:
  using clock = std::chrono::steady_clock;

  std::string title_;
  std::unique_ptr<live_area> area_;
  clock::time_point begin_ = clock::now();
  clock::time_point next_{};
  // What was done before the first frame.
  uint64_t first_done_ = 0;
  bool is_first_ = true;
};

} // namespace onewriter::node
