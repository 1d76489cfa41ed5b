#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace onewriter::test {

/// What the clients' logs and the file must satisfy at the end.
enum class demand : uint8_t {
  /// What was acknowledged is there, once.
  acknowledged_once,
  /// All that was ever sent is acknowledged and there, once.
  everything_once,
  /// All that was ever sent was answered; what was acknowledged is there, once.
  everything_answered,
};

/// The contents of the logs and of the file.
struct verdict {
  // -- the logs ------------------------------------------------------------------
  uint64_t sent = 0;
  uint64_t acknowledged = 0;
  uint64_t refused = 0;
  uint64_t unanswered = 0;

  // -- the file ------------------------------------------------------------------
  uint64_t rows = 0;
  /// Rows without a receipt, which is no error.
  uint64_t unanswered_but_there = 0;

  // -- violations ----------------------------------------------------------------
  /// Acknowledged, or demanded, and not there.
  uint64_t missing = 0;
  uint64_t twice = 0;
  /// There, though the client got a refusal.
  uint64_t refused_but_there = 0;
  /// There, though no client has sent them.
  uint64_t invented = 0;
  /// There, with another content.
  uint64_t altered = 0;
  /// Behind a row that the same client sent later.
  uint64_t out_of_order = 0;
  /// Receipts with a smaller commit number than the one before.
  uint64_t back_in_time = 0;
  /// Sent and not answered, where everything had to be.
  uint64_t owed = 0;
  /// Clients whose count of rows, kept by the same writes, is another.
  uint64_t tallies_wrong = 0;
  /// 1 where large requests that failed have left something.
  uint64_t remnants = 0;
  /// What SQLite finds wrong with the file; empty if nothing.
  std::vector<std::string> problems;

  bool is_good() const;
};

/// Compares the logs in `folder` with the database there, which no process may
/// have open. Throws where they cannot be read.
verdict judge(const std::string& folder, demand what);

} // namespace onewriter::test
