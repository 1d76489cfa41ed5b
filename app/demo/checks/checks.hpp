#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace onewriter::node {

/// One thing that has to be true at the end of a run.
struct check {
  /// A statement, for people.
  std::string name;
  bool holds = false;
  /// What was counted, or what is wrong.
  std::string detail;
};

using checks = std::vector<check>;

/// Called repeatedly with what is being checked and how far that is.
using check_progress
  = std::function<void(const char* task, uint64_t done, uint64_t total)>;

[[nodiscard]] inline bool all_hold(const checks& xs) {
  for (auto& x : xs)
    if (!x.holds)
      return false;
  return true;
}

} // namespace onewriter::node
