#pragma once

#include "onewriter/ec.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace onewriter::test {

/// What a caller knows of the outcome of a request.
enum class answer : uint8_t {
  /// Nothing: no reply has come.
  none,
  /// It is done.
  done,
  /// It is not done.
  refused,
  /// It may be done or not.
  unknown,
};

std::string to_string(answer x);

/// Returns what a caller knows that got `err`, or no error.
answer answer_of(const caf::error& err);

/// One write of a script: `parts` rows of the table `entry` with its number.
struct told_write {
  uint64_t id = 0;
  size_t sender = 0;
  uint64_t parts = 0;
  answer what = answer::none;
  /// Of its receipt.
  uint64_t commit = 0;
};

/// One best-effort message of a script: a row of the table `latest`.
struct told_message {
  std::string key;
  uint64_t number = 0;
};

/// A record of all replies to callers. Belongs to one thread.
class told {
public:
  /// Records that a write is requested; returns its place in `writes`.
  size_t asks(told_write what) {
    writes.push_back(what);
    return writes.size() - 1;
  }

  /// Records an error that a caller got. An error that callers cannot handle is
  /// a problem.
  void hears(const std::string& who, const caf::error& err);

  /// In the order in which they were sent.
  std::vector<told_write> writes;
  std::vector<told_message> messages;
  /// Versions of the document that were asked for, from 1.
  std::map<uint64_t, answer> versions;
  /// What the statistics say of best-effort messages, where they were asked:
  /// how many were written, and how many may have been.
  std::optional<std::pair<uint64_t, uint64_t>> written_messages;
  /// Errors by code.
  std::map<ec, uint64_t> errors;
  /// Violations that no fault of the disk excuses.
  std::vector<std::string> problems;
};

} // namespace onewriter::test
