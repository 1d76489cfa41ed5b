#pragma once

#include "onewriter/ec.hpp"
#include "onewriter/statistics.hpp"
#include "tests/model/complaints.hpp"

#include <cstdint>

namespace onewriter::test {

/// What the contract says about the counts of writes: at rest each write is
/// counted once, by the reply to its sender.
class write_tally {
public:
  explicit write_tally(complaints& to) : complaints_{to} {
    // nop
  }

  /// A write, a call or a transaction was sent.
  void sent(bool forgotten);

  /// The sender of one was answered; `ec::none` for a receipt.
  void answered(ec code);

  /// The database was closed and says what it has counted since it was opened.
  void closed(const write_counts& counts);

  /// Compares with how many requests without a caller were carried out, give or
  /// take those in doubt.
  void check(uint64_t forgotten_and_done, uint64_t in_doubt);

private:
  complaints& complaints_;
  uint64_t sent_since_open_ = 0;
  uint64_t forgotten_ = 0;
  uint64_t acknowledged_ = 0;
  uint64_t expired_ = 0;
  uint64_t unknown_ = 0;
  uint64_t failed_or_refused_ = 0;
  // Over all the times that it was open.
  write_counts total_;
};

} // namespace onewriter::test
