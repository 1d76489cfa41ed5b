#include "actors/reader/pool_end.hpp"

#include "actors/support/thrown.hpp"

#include <utility>

namespace onewriter {

bool pool_end::ask(caf::error reason, caf::error refusal, bool drain) {
  if (has_begun()) {
    is_draining_ = is_draining_ && drain;
    return false;
  }
  phase_ = phase::requests;
  is_draining_ = drain;
  reason_ = std::move(reason);
  refusal_ = std::move(refusal);
  return true;
}

bool pool_end::fail(const caf::error& why) {
  is_draining_ = false;
  insist([&] { refusal_ = why; });
  if (has_begun())
    return false;
  insist([&] { reason_ = why; });
  phase_ = phase::requests;
  needs_handover_ = true;
  return true;
}

void pool_end::end_handover() {
  needs_handover_ = false;
}

pool_end::step pool_end::next(const parts& left) {
  if (!has_begun() || left.requests)
    return step::wait;
  // Not before: an exit message would overtake a query in flight to a reader.
  if (left.supervisor && phase_ == phase::requests) {
    phase_ = phase::stopping_readers;
    return step::stop_readers;
  }
  if (left.supervisor || left.cursors)
    return step::wait;
  if (!needs_handover_)
    return step::quit;
  if (phase_ == phase::handover)
    return step::wait;
  phase_ = phase::handover;
  return step::hand_over;
}

} // namespace onewriter
