#include "actors/database/lifecycle/lifecycle.hpp"

#include <utility>

namespace onewriter {

namespace {

bool is_allowed(phase from, phase to) {
  switch (from) {
    case phase::opening:
    case phase::restarting:
      return to == phase::open || to == phase::closed || to == phase::failed;
    case phase::open:
      return to == phase::restarting || to == phase::closed
             || to == phase::failed;
    default:
      return false;
  }
}

} // namespace

caf::error closed_error() {
  return make_failure(ec::closed, "the database was closed; open it again");
}

bool lifecycle::change_to(phase next) {
  if (!is_allowed(phase_, next))
    return false;
  phase_ = next;
  return true;
}

bool lifecycle::fail(caf::error reason) {
  if (!change_to(phase::failed))
    return false;
  reason_ = std::move(reason);
  is_closing_ = false;
  return true;
}

caf::error lifecycle::unavailability() const {
  if (phase_ == phase::failed)
    return reason_;
  if (is_closing_ || phase_ == phase::closed)
    return closed_error();
  return {};
}

std::string lifecycle::text() const {
  if (is_closing_)
    return "closing";
  switch (phase_) {
    case phase::opening:
      return "opening";
    case phase::open:
      return "open";
    case phase::restarting:
      return "restarting";
    case phase::closed:
      return "closed";
    default:
      return "failed";
  }
}

} // namespace onewriter
