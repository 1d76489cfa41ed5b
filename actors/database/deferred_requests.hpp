#pragma once

#include "onewriter/failure.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace onewriter {

/// Requests that wait until whoever is to be asked is there: the writer that is
/// being restarted, or readers that are. Belongs to the database.
class deferred_requests {
public:
  using clock = std::chrono::steady_clock;

  /// Asks, or, if there is an error, answers with it.
  using request = std::function<void(const caf::error&)>;

  /// Lets `what` wait, until `expires` at the longest.
  void push(request what, clock::time_point expires = clock::time_point::max());

  /// Lets all go on, or answers all with `reason`.
  void run_all(const caf::error& reason);

  /// Answers what has expired with `ec::deadline_exceeded`.
  void expire(clock::time_point now);

  /// Takes note that the file could not be opened again, because of `reason`.
  /// Answers those with it that have been kept waiting by `max_attempts`
  /// failures, or at once where another program's lock was the reason: the
  /// writer has been patient already.
  void opening_failed(const caf::error& reason, uint32_t max_attempts);

  size_t size() const {
    return items_.size();
  }

private:
  struct item {
    request run;
    clock::time_point expires;
    uint32_t failed_openings = 0;
  };

  template <class Predicate>
  void refuse(const caf::error& reason, Predicate pred);

  std::vector<item> items_;
};

} // namespace onewriter
