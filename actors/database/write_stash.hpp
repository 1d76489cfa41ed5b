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

  /// Finds out what became of requests that were part of a failed commit, now
  /// that the file tells which commit was the last: those that took effect get
  /// their receipt, the others stay and run again. Where the file cannot be
  /// trusted to keep what it has, those that took effect are answered with
  /// `ec::outcome_unknown`.
  void settle(const writer_ready& found);

  /// Answers those whose deadline has passed with `ec::deadline_exceeded`.
  /// Those in doubt stay, for they may have been in time, and those that nobody
  /// waits for, which the writer makes dead letters of.
  void expire(pending_write::clock::time_point now);

  /// Takes note that the file could not be opened again, because of `reason`.
  /// Answers those with it that have been kept waiting by as many failures as
  /// `max_attempts`, or by another program's lock for longer than
  /// `lock_patience`; those in doubt with `ec::outcome_unknown`. Those that
  /// nobody waits for stay: there is no file to keep them as dead letters.
  void opening_failed(const caf::error& reason, const options& opts,
                      pending_write::clock::time_point now);

  /// Returns everything, in order of arrival.
  std::vector<pending_write_ptr> take();

  /// Answers everything with `reason`; those in doubt with
  /// `ec::outcome_unknown`. Returns how many there were.
  uint64_t refuse(const caf::error& reason);

  /// Returns when the oldest request arrived; nothing if there is none.
  std::optional<pending_write::clock::time_point> oldest() const;

  size_t size() const {
    return items_.size();
  }

  /// What became of requests here, to be added to what the writer counts.
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
    /// How often the file could not be opened while this waited.
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
