#pragma once

#include <cstdint>
#include <optional>

struct sqlite3;

namespace onewriter::sqlite {

/// What the index of the write-ahead log says: memory that all connections of a
/// database share (https://sqlite.org/walformat.html#walidxfmt).
struct log_index {
  /// Frames of the log that are in use.
  uint32_t frames = 0;
  /// How many of them are in the file already.
  uint32_t copied = 0;
  uint32_t page_bytes = 0;
  /// Whether its header is one: two copies that are alike, of the version that
  /// all versions of SQLite write.
  bool is_whole = true;

  /// Bytes that the log has at the least.
  uint64_t wal_size() const;

  /// Whether SQLite itself may have written this. Only in a transaction that
  /// writes is the answer final: what other programs write can be seen half
  /// done before.
  bool is_sound() const {
    return is_whole && copied <= frames;
  }
};

/// Returns what the index says, without a system call; nothing where `db` has
/// none open, or where the VFS has none.
std::optional<log_index> read_log_index(sqlite3* db);

} // namespace onewriter::sqlite
