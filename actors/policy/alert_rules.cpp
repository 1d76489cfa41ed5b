#include "actors/policy/alert_rules.hpp"

#include <utility>

namespace onewriter {

alert_rule::alert_rule(std::string name, double threshold)
  : name_{std::move(name)},
    threshold_{threshold} {
  // nop
}

alert_change alert_rule::update(double value) {
  if (!crossed(value))
    return alert_change::none;
  raised_ = !raised_;
  return raised_ ? alert_change::raised : alert_change::cleared;
}

// Returns whether the value has crossed the bound that ends the current state.
bool alert_rule::crossed(double value) const {
  if (threshold_ <= 0)
    return false;
  if (!raised_)
    return value >= threshold_;
  return value < (threshold_ > 1 ? threshold_ / 2 : threshold_);
}

} // namespace onewriter
