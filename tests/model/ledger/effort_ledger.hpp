#pragma once

#include "onewriter/statistics.hpp"
#include "tests/model/complaints.hpp"
#include "tests/model/ledger/file_content.hpp"
#include "tests/model/ledger/sending.hpp"

#include <map>
#include <string>
#include <vector>

namespace onewriter::test {

/// What the contract says about best-effort messages: each is written at most
/// once, of each key the newest wins, and messages not written are counted.
class effort_ledger {
public:
  explicit effort_ledger(complaints& to) : complaints_{to} {
    // nop
  }

  // -- what the test does -----------------------------------------------------------

  /// A message of a key, which may be empty, was sent. One that is `bad` cannot
  /// be written.
  void sent(sending when, uint64_t number, std::string key, bool bad);

  /// All that `sender` sent before `sent` has arrived.
  void heard(uint32_t sender, moment sent, moment now);

  /// The database was closed and says what became of the messages since it was
  /// opened.
  void closed(const best_effort_counts& counts);

  // -- what must be true --------------------------------------------------------------

  /// Compares with the file when everything is at rest.
  void check(const file_content& file);

private:
  struct message {
    sending when;
    std::string key;
    bool bad = false;
    // Of the file's row, from 1; 0 while it is in none.
    size_t place = 0;
  };

  void find_rows(const file_content& file);

  void check_counts(size_t rows);

  void check_order(const std::vector<const message*>& of_key);

  void check_last(const std::vector<const message*>& of_key);

  complaints& complaints_;
  std::map<uint64_t, message> messages_;
  uint64_t sent_since_open_ = 0;
  // Over all the times that it was open.
  best_effort_counts total_;
};

} // namespace onewriter::test
