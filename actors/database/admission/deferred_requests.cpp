#include "actors/database/admission/deferred_requests.hpp"

#include "actors/support/thrown.hpp"

#include <utility>

namespace onewriter {

void deferred_requests::push(request what, clock::time_point expires) {
  items_.push_back({std::move(what), expires, 0});
}

void deferred_requests::run_all(const caf::error& reason) {
  for (auto& x : std::exchange(items_, {}))
    insist([&] { x.run(reason); });
}

void deferred_requests::expire(clock::time_point now) {
  if (items_.empty())
    return;
  auto reason = insist([] {
    return make_failure(ec::deadline_exceeded,
                        "the deadline passed while the writer or the readers "
                        "were being restarted");
  });
  refuse(reason, [=](item& x) { return x.expires < now; });
}

void deferred_requests::opening_failed(const caf::error& reason,
                                       uint32_t max_attempts) {
  auto is_busy = code_of(reason) == ec::busy;
  refuse(reason, [&](item& x) {
    return is_busy || ++x.failed_openings >= max_attempts;
  });
}

template <class Predicate>
void deferred_requests::refuse(const caf::error& reason, Predicate pred) {
  for (auto& x : std::exchange(items_, {}))
    if (pred(x))
      insist([&] { x.run(reason); });
    else
      insist([&] { items_.push_back(std::move(x)); });
}

} // namespace onewriter
