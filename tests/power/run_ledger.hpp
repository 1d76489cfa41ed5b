#pragma once

#include "tests/power/disk/volatile_disk.hpp"

#include <cstdint>
#include <map>
#include <vector>

namespace onewriter::test {

/// A write that was sent. Times are positions of the disk: what is noted at
/// position p had happened before change number p.
struct sent_write {
  uint64_t number = 0;
  uint32_t sender = 0;
  size_t sent_at = 0;
  size_t receipt_at = never;
  /// From the receipt.
  uint64_t commit = 0;
};

/// An index job that was asked for. `commit` is 0 where the receipt says that
/// the job had been done before.
struct sent_document {
  uint64_t version = 0;
  size_t sent_at = 0;
  size_t receipt_at = never;
  uint64_t commit = 0;
};

/// What was in the file when a run began, and what was asked for since.
struct run_ledger {
  /// Writes in the file, and their senders.
  std::map<uint64_t, uint32_t> old_writes;
  /// Version of the document in the index; 0 for none.
  uint64_t old_version = 0;
  std::vector<sent_write> writes;
  std::vector<sent_document> documents;
  /// Requests that failed, as they had to, after they had changed much.
  uint64_t burdens = 0;
  /// What must not happen and did, apart from what the file tells.
  std::vector<std::string> problems;
};

} // namespace onewriter::test
