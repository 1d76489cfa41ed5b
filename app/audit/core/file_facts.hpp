#pragma once

#include "actors/sqlite/file/files.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

// What the files of a database show.

namespace onewriter::node {

/// The files that belong to a database.
enum class file_part : uint8_t { file, log, index, journal, owner };

constexpr size_t file_part_count = 5;

/// Returns what the name of `x` ends with: "", "-wal", "-shm", "-journal",
/// "-owner".
[[nodiscard]] const char* suffix_of(file_part x);

/// One value for each file of a database.
template <class T>
class per_part {
public:
  T& operator[](file_part x) {
    return values_[static_cast<size_t>(x)];
  }

  const T& operator[](file_part x) const {
    return values_[static_cast<size_t>(x)];
  }

private:
  std::array<T, file_part_count> values_{};
};

/// Calls `f` with each part.
template <class F>
void for_each_part(F f) {
  for (size_t i = 0; i < file_part_count; ++i)
    f(static_cast<file_part>(i));
}

struct part_state {
  /// Empty if there is no such file.
  std::optional<sqlite::file_identity> identity;
  uint64_t bytes = 0;
};

/// From the first 100 bytes of the file
/// (https://sqlite.org/fileformat2.html#the_database_header).
struct database_header {
  /// 512 to 65,536; 0 for an empty file.
  uint32_t page_bytes = 0;
  /// Bytes 18 and 19: 1 for a rollback journal, 2 for a write-ahead log.
  uint8_t write_version = 0;
  uint8_t read_version = 0;

  bool uses_log() const {
    return read_version == 2;
  }
};

constexpr size_t read_mark_count = 5;

/// The byte of `-shm` whose lock holds the first read mark; the others follow.
constexpr uint64_t first_read_lock = 123;

/// The content of `-shm` (https://sqlite.org/walformat.html#walidxfmt).
struct index_facts {
  /// Frames of the log that are in use.
  uint64_t frames = 0;
  /// How many of them have been copied into the file.
  uint64_t copied = 0;
  /// How far readers see into the log, each in use while a lock is on it.
  std::array<uint32_t, read_mark_count> read_marks{};
};

/// The write-ahead log.
struct log_facts {
  /// From its header; 0 without a valid one.
  uint32_t page_bytes = 0;
  /// Frames up to the last commit, as the salts in the log show, if there is no
  /// index. Checksums are not computed: a log that was damaged may have fewer.
  uint64_t committed = 0;
  /// Empty without an index, or where it changes all the time. SQLite builds it
  /// again when the first process opens the file: it means nothing before.
  std::optional<index_facts> index;
};

} // namespace onewriter::node
