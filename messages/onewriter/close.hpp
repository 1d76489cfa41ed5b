#pragma once

#include "onewriter/compat/inspection.hpp"
#include "onewriter/statistics.hpp"

#include <chrono>
#include <cstdint>

namespace onewriter {

/// Asks to close the database in order. Requests that come later get
/// `ec::closed`. Reply: a `close_receipt` when the file is closed. Retry: safe,
/// every `close` gets the same receipt, and the earliest of their limits holds.
/// Error: the one that the database gave up with, as soon as none of its
/// connections has the file open.
struct close {
  /// Whether to carry out the requests accepted before; otherwise they are
  /// answered with `ec::closed` (index jobs from files continue when the file
  /// is opened the next time). Statements that run are stopped: what they have
  /// changed is undone. A function of a request is stopped only in a statement.
  bool drain = true;
  /// How long to drain; after that, within the `check_interval` of the
  /// `alert_options`, as without `drain`.
  std::chrono::nanoseconds limit{std::chrono::seconds{30}};
};

template <class Inspector>
auto inspect(Inspector& f, close& x) {
  return compat::inspect_object(f, x, compat::field("drain", x.drain),
                                compat::field("limit", x.limit));
}

/// Reports how the database was closed.
struct close_receipt {
  /// Whether all accepted requests were carried out.
  bool drained = false;
  /// Requests that were answered with `ec::closed` instead, without queries.
  uint64_t refused = 0;
  /// Whether the write-ahead log was copied and removed. False if another
  /// program has the file open.
  bool log_removed = false;
  /// Number of the last commit.
  uint64_t commit = 0;
  /// Statistics when the file was closed.
  statistics final_statistics;
};

template <class Inspector>
auto inspect(Inspector& f, close_receipt& x) {
  return compat::inspect_object(
    f, x, compat::field("drained", x.drained),
    compat::field("refused", x.refused),
    compat::field("log_removed", x.log_removed),
    compat::field("commit", x.commit),
    compat::field("final_statistics", x.final_statistics));
}

} // namespace onewriter
