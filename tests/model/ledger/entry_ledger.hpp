#pragma once

#include "onewriter/write.hpp"
#include "tests/model/complaints.hpp"
#include "tests/model/ledger/file_content.hpp"
#include "tests/model/ledger/sending.hpp"
#include "tests/oracle/found_writes.hpp"
#include "tests/oracle/write_record.hpp"

#include <map>
#include <vector>

namespace onewriter::test {

/// A request that adds the rows (content, 1), (content, 2)... to `entry`.
struct entry_request {
  sending when;
  enum priority priority = priority::normal;
  uint64_t content = 0;
  uint32_t rows = 1;
  /// Rows that it changes, those in other tables included.
  int64_t changes = 1;
  /// Whether it may be sent again, with the same key.
  bool has_key = false;
  /// Whether no caller waits for it.
  bool forgotten = false;
  /// The counter that it moves on, from which version; -1 for none.
  int counter = -1;
  uint64_t version = 0;
};

/// What a reader saw at one moment between two messages.
struct entry_snapshot {
  moment sent = 0;
  moment arrived = 0;
  std::vector<entry_row> rows;
};

/// What the contract says about writes: each is there wholly and once if it was
/// acknowledged, absent if it was refused, and either if unknown; what one
/// sender sent with one priority is there in the order of sending; a snapshot
/// is what was there at one moment, with all that had been acknowledged.
class entry_ledger {
public:
  explicit entry_ledger(complaints& to) : complaints_{to} {
    // nop
  }

  // -- what the test does -----------------------------------------------------------

  /// Returns what names the request from now on.
  size_t sent(entry_request what);

  void acknowledged(size_t which, const write_receipt& receipt, moment now);

  void refused(size_t which, moment now);

  /// The reply was `ec::outcome_unknown`.
  void in_doubt(size_t which, moment now);

  /// The receipt returned these rows.
  void returned(size_t which, std::vector<entry_row> rows);

  /// The function of the request found this version and moved it on.
  void moved(size_t which, uint64_t version);

  /// A dead letter was replayed or discarded; the receipt has come.
  void replayed(uint64_t content);

  void discarded(uint64_t content);

  /// It is unknown whether a dead letter was replayed or discarded.
  void letter_in_doubt(uint64_t content);

  /// The database may be closed before a request without a caller is run.
  void may_be_refused(size_t which);

  void saw(entry_snapshot what);

  /// All that `sender` sent before `sent` has arrived.
  void heard(uint32_t sender, moment sent, moment now);

  /// Returns the version that the counter has, as far as is known.
  uint64_t version(int counter) const;

  const std::vector<size_t>& forgotten() const {
    return forgotten_;
  }

  const entry_request& request(size_t which) const {
    return requests_[which].what;
  }

  // -- what must be true --------------------------------------------------------------

  /// Compares with the file when everything is at rest.
  void check(const file_content& file);

  /// How many of the requests without a caller were carried out when their turn
  /// came. To be called after `check`.
  uint64_t forgotten_and_done() const {
    return forgotten_and_done_;
  }

  /// How many of these may have been replays.
  uint64_t letters_in_doubt() const {
    return letters_in_doubt_;
  }

private:
  struct record {
    entry_request what;
    reply_state reply = reply_state::waiting;
    write_receipt receipt;
    std::vector<entry_row> returned;
    bool may_be_refused = false;
  };

  // Everything about one content.
  struct content_record {
    std::vector<size_t> requests;
    bool replayed = false;
    bool discarded = false;
    bool in_doubt = false;
    // In the file.
    size_t letters = 0;
  };

  void check_snapshot(const entry_snapshot& what);

  void find_rows(const file_content& file);

  void check_writes(const file_content& file);

  write_record record_of(uint64_t content, const content_record& x) const;

  void check_answers();

  void check_forgotten(uint64_t content, const content_record& found);

  void check_receipts(uint64_t content, const content_record& found,
                      const file_content& file);

  void check_receipt(const record& x, const entry_row* first, size_t rows);

  void check_counters(const file_content& file);

  complaints& complaints_;
  std::vector<record> requests_;
  std::vector<size_t> forgotten_;
  std::map<uint64_t, content_record> contents_;
  found_writes found_;
  std::vector<entry_snapshot> snapshots_;
  uint64_t forgotten_and_done_ = 0;
  uint64_t letters_in_doubt_ = 0;
};

} // namespace onewriter::test
