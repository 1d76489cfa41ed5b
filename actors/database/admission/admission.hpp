#pragma once

#include "actors/core/metrics.hpp"
#include "actors/core/pending_write.hpp"
#include "actors/database/admission/write_stash.hpp"
#include "onewriter/options.hpp"
#include "onewriter/statistics.hpp"

namespace onewriter {

// Functions that turn a caller's request into a pending write: `what` is moved
// into `to`, which is empty.

void fill(pending_write& to, write& what, pending_write::clock::time_point now);

void fill(pending_write& to, call& what, pending_write::clock::time_point now);

void fill(pending_write& to, transaction& what,
          pending_write::clock::time_point now);

/// Returns how many bytes a transaction occupies in a queue.
size_t bytes_of(const transaction& what);

/// Returns the pending write that removes a dead letter.
work_request removal_of_letter(int64_t id);

/// Returns the error of an invalid request, as far as it can be detected
/// without SQLite: `ec::empty_statement`, `ec::invalid_argument`,
/// `ec::invalid_text`.
caf::error problem_of(const pending_write& what);

/// Decides which writes the database accepts, and counts them. Pending writes
/// are those that were accepted and that neither the writers nor the stash have
/// answered. Belongs to the database actor.
class admission {
public:
  admission(std::shared_ptr<const options> opts, metrics_ptr shared,
            const write_stash& stash);

  /// Returns why a request is not accepted. `closed` is the reason why no more
  /// requests are accepted. Errors: `closed`, those of `problem_of`, and
  /// `ec::overloaded` with a hint when to try again, computed from the requests
  /// committed per second.
  caf::error refusal(const pending_write& what, const caf::error& closed,
                     double requests_per_second) const;

  /// Counts a request as submitted and refused.
  void count_refused();

  /// Counts a request as submitted and pending.
  void count_admitted(const pending_write& what);

  /// Counts a request as submitted and refused if the queue is full, without
  /// checking it and without an error: for a sender that does not wait.
  [[nodiscard]] bool shed();

  /// Adds the counts to `to`.
  void add_to(write_counts& to) const;

private:
  caf::error overloaded(const char* why, double requests_per_second) const;

  uint64_t pending() const;

  uint64_t pending_bytes() const;

  std::shared_ptr<const options> opts_;
  metrics_ptr shared_;
  const write_stash& stash_;
  uint64_t submitted_ = 0;
  uint64_t refused_ = 0;
  uint64_t admitted_ = 0;
  uint64_t admitted_bytes_ = 0;
};

} // namespace onewriter
