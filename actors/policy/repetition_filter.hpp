#pragma once

#include <chrono>
#include <optional>

namespace onewriter {

/// Keeps a condition that lasts from filling the log: of lines about the same
/// one, lets one through in five seconds. Belongs to one thread.
class repetition_filter {
public:
  using time_point = std::chrono::steady_clock::time_point;

  static constexpr auto pause = std::chrono::seconds{5};

  /// Returns whether to write a line about `condition` at `now`.
  bool passes(int condition, time_point now) {
    if (condition_ == condition && now - last_ < pause)
      return false;
    condition_ = condition;
    last_ = now;
    return true;
  }

private:
  std::optional<int> condition_;
  time_point last_;
};

} // namespace onewriter
