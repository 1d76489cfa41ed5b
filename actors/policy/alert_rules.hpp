#pragma once

#include <cstdint>
#include <string>

namespace onewriter {

/// What a measured value means for an alert.
enum class alert_change : uint8_t {
  /// Nothing new.
  none,
  /// The trouble has begun.
  raised,
  /// The trouble is over.
  cleared,
};

/// Watches one value against a threshold, in whatever unit both have.
///
/// Raised when the value reaches the threshold, cleared only when it falls
/// below half of it, so that a value that hovers does not ring all the time. A
/// threshold up to 1, which is a count of single events, has no half: cleared
/// below it. A threshold of zero (or less) turns the rule off. A value that is
/// not a number changes nothing.
///
/// Belongs to one thread.
class alert_rule {
public:
  alert_rule(std::string name, double threshold);

  /// Returns what `value`, which was just measured, changes.
  [[nodiscard]] alert_change update(double value);

  bool raised() const {
    return raised_;
  }

  const std::string& name() const {
    return name_;
  }

  double threshold() const {
    return threshold_;
  }

private:
  bool crossed(double value) const;

  std::string name_;
  double threshold_;
  bool raised_ = false;
};

} // namespace onewriter
