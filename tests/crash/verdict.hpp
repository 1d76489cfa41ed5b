#pragma once

#include "tests/oracle/write_verifier.hpp"

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
  /// Rows without a receipt, which is no error.
  uint64_t unanswered_but_there = 0;

  // -- violations ----------------------------------------------------------------
  /// Rows that are not as the clients' logs demand.
  std::vector<finding> findings;
  /// There, with another content.
  uint64_t altered = 0;
  /// Receipts with a smaller commit number than the one before.
  uint64_t back_in_time = 0;
  /// Clients whose count of rows, kept by the same writes, is another.
  uint64_t tallies_wrong = 0;
  /// What is wrong with the file; empty if nothing.
  std::vector<std::string> problems;

  bool is_good() const;
};

/// Compares the logs in `folder` with the database there, which no process may
/// have open. Throws where they cannot be read.
verdict verify(const std::string& folder, demand what);

} // namespace onewriter::test
