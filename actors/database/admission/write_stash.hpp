#pragma once

#include "actors/core/database_core.hpp"
#include "onewriter/options.hpp"
#include "onewriter/statistics.hpp"

#include <vector>

namespace onewriter {

/// Requests that wait for a writer, in order: those that a failed writer handed
/// back and those that came since. Belongs to the database actor.
class write_stash {
public:
  void push(pending_write_ptr what);

  /// Resolves requests with an uncertain commit, once the file shows which
  /// commit was the last: those that took effect get their receipt, the others
  /// stay and run again. If the file may still lose commits, those that took
  /// effect are answered with `ec::outcome_unknown`.
  void settle(const writer_ready& found);

  /// Answers requests whose deadline has passed with `ec::deadline_exceeded`.
  /// Exceptions: requests with an uncertain commit, which may have been in
  /// time, and requests without a waiting caller, which the writer turns into
  /// dead letters.
  void expire(pending_write::clock::time_point now);

  /// Records that the file could not be opened again, because of `reason`.
  /// Answers with it the requests that have waited for `max_attempts` failures,
  /// or for another program's lock for longer than `lock_patience`; those with
  /// an uncertain commit get `ec::outcome_unknown`. Requests without a waiting
  /// caller stay: there is no file to store them as dead letters.
  void opening_failed(const caf::error& reason, const options& opts,
                      pending_write::clock::time_point now);

  /// Returns everything, in order of arrival.
  std::vector<pending_write_ptr> take();

  /// Answers all requests with `reason`, or with `ec::outcome_unknown` after an
  /// uncertain commit. Returns their number.
  uint64_t refuse(const caf::error& reason);

  /// Returns when the oldest request arrived; nothing if there is none.
  std::optional<pending_write::clock::time_point> oldest() const;

  size_t size() const {
    return items_.size();
  }

  /// Outcomes of requests answered here, to be added to the writer's counts.
  const write_counts& counts() const {
    return counts_;
  }

  /// Requests that were answered here, and the bytes they were admitted with.
  uint64_t finished() const {
    return finished_;
  }

  uint64_t finished_bytes() const {
    return finished_bytes_;
  }

private:
  struct item {
    pending_write_ptr what;
    /// How often the file could not be opened while this request waited.
    uint32_t failed_openings = 0;
  };

  void finish(item& x, const caf::error& reason);

  void finish(item& x);

  template <class Predicate>
  void remove_if(Predicate pred);

  std::vector<item> items_;
  write_counts counts_;
  uint64_t finished_ = 0;
  uint64_t finished_bytes_ = 0;
};

} // namespace onewriter
