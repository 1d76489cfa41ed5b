#pragma once

#include "onewriter/client.hpp"
#include "tests/oracle/found_writes.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace onewriter::test {

/// What is found in a file after a power cut.
struct found_file {
  /// Number of the last commit.
  uint64_t commit = 0;
  /// Writes that are there, and their senders.
  std::map<uint64_t, uint32_t> writes;
  /// The rows of these writes in the order in which they were inserted. That of
  /// the tables has one row.
  std::vector<found_row> rows;
  /// Version of the document that can be found; 0 for none.
  uint64_t version = 0;
  /// Where the file contradicts itself: rows are not what their write inserts.
  std::vector<std::string> problems;
};

/// Looks at everything through `db`. `commit` is the last one when the file was
/// opened, and `versions` are those of the document that may be there.
found_file look_at(client& db, uint64_t commit,
                   const std::set<uint64_t>& versions);

} // namespace onewriter::test
