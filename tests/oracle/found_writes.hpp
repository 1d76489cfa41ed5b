#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace onewriter::test {

/// A row of a file that a write has inserted: its part number `part`, from 1.
struct found_row {
  uint64_t write = 0;
  uint64_t part = 0;
};

/// What a file has of a write.
struct found_write {
  /// The place of its first row among all rows, from 0.
  size_t place = 0;
  uint64_t rows = 0;
  /// Whether the rows are parts 1, 2, 3... and stand side by side.
  bool is_regular = true;
};

using found_writes = std::map<uint64_t, found_write>;

/// Sorts rows, given in the order in which they were inserted, by the writes
/// that they belong to.
inline found_writes sort_by_write(const std::vector<found_row>& rows) {
  found_writes result;
  for (size_t i = 0; i < rows.size(); ++i) {
    auto& x = result.try_emplace(rows[i].write, found_write{i, 0, true})
                .first->second;
    x.is_regular &= rows[i].part == ++x.rows && i + 1 == x.place + x.rows;
  }
  return result;
}

} // namespace onewriter::test
