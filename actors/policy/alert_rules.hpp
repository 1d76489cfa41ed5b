#pragma once

#include <cstdint>
#include <string>

namespace onewriter {

/// How a measured value changes an alert.
enum class alert_change : uint8_t {
  /// No change.
  none,
  /// The alert has been raised.
  raised,
  /// The alert has been cleared.
  cleared,
};

/// Compares one value with a threshold; both have the same unit.
///
/// Raised when the value reaches the threshold, cleared only when it falls
/// below half of it, so that a value near the threshold does not raise it
/// repeatedly. With a threshold up to 1, a count of single events, it is
/// cleared below the threshold. A threshold of zero (or less) turns the rule
/// off. A value that is not a number changes nothing.
///
/// Belongs to one thread.
class alert_rule {
public:
  alert_rule(std::string name, double threshold);

  /// Returns how the new measurement `value` changes the alert.
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
