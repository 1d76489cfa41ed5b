#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace onewriter::test {

inline constexpr uint32_t counter_count = 3;

/// One row of the table `entry`, in the order in which the rows were written.
struct entry_row {
  int64_t id = 0;
  uint64_t content = 0;
  uint32_t part = 0;
};

inline bool operator==(const entry_row& x, const entry_row& y) {
  return x.id == y.id && x.content == y.content && x.part == y.part;
}

/// One row of the table `effort`: a best-effort message that was written.
struct effort_row {
  std::string key;
  uint64_t number = 0;
};

inline bool operator==(const effort_row& x, const effort_row& y) {
  return x.key == y.key && x.number == y.number;
}

/// What a closed database file holds.
struct file_content {
  /// Number of the last commit.
  uint64_t commit = 0;
  std::vector<entry_row> entries;
  std::vector<effort_row> efforts;
  std::array<uint64_t, counter_count> versions{};
  /// The contents that dead letters would write.
  std::vector<uint64_t> letters;
  /// What is wrong with the file; empty where it is sound.
  std::string damage;
};

/// Reads the file with SQLite alone. Throws `std::runtime_error`.
file_content read_file_content(const std::string& path);

/// Reads the rows of `entry` alone, from a copy of the file. Throws
/// `std::runtime_error`.
std::vector<entry_row> read_entries(const std::string& path);

} // namespace onewriter::test
