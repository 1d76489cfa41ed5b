#pragma once

#include "onewriter/ec.hpp"
#include "tests/oracle/write_record.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace onewriter::test {

/// Returns what a caller knows that got `err`, or no error.
reply_state state_after(const caf::error& err);

/// One best-effort message of a script: a row of the table `latest`.
struct sent_message {
  std::string key;
  uint64_t number = 0;
};

/// A record of all replies to callers. Belongs to one thread.
class replies {
public:
  /// Records that a write is requested; returns its place in `writes`.
  size_t asks(write_record what) {
    writes.push_back(what);
    return writes.size() - 1;
  }

  /// Records an error that a caller got. An error that callers cannot handle is
  /// a problem.
  void hears(const std::string& who, const caf::error& err);

  /// In the order in which they were sent: `parts` rows of the table `entry`.
  std::vector<write_record> writes;
  /// Requests with positions in one session, numbered from 1: a row of the
  /// table `numbered` each. They have no order among themselves.
  std::vector<write_record> numbered;
  /// The highest mark that was sent with one of them.
  uint64_t settled = 0;
  std::vector<sent_message> messages;
  /// Versions of the document that were asked for, from 1.
  std::map<uint64_t, reply_state> versions;
  /// What the statistics say of best-effort messages, where they were asked:
  /// how many were written, and how many may have been.
  std::optional<std::pair<uint64_t, uint64_t>> written_messages;
  /// Errors by code.
  std::map<ec, uint64_t> errors;
  /// Violations that no fault of the disk excuses.
  std::vector<std::string> problems;
};

} // namespace onewriter::test
