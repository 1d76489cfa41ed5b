#pragma once

#include "onewriter/failure.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace onewriter {

/// Requests that are queued until the target actor is available: a writer or
/// readers that are being restarted. Belongs to the database.
class deferred_requests {
public:
  using clock = std::chrono::steady_clock;

  /// Forwards the request, or answers it with the error, if there is one.
  using request = std::function<void(const caf::error&)>;

  /// Queues `what`, at most until `expires`.
  void push(request what, clock::time_point expires = clock::time_point::max());

  /// Forwards all requests, or answers all with `reason`.
  void run_all(const caf::error& reason);

  /// Answers expired requests with `ec::deadline_exceeded`.
  void expire(clock::time_point now);

  /// Records that the file could not be opened again, because of `reason`.
  /// Answers with it the requests that have waited for `max_attempts` failures,
  /// or all of them if another program's lock was the reason: the writer has
  /// already waited for that.
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
