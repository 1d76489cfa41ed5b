#pragma once

#include <cstdint>
#include <optional>

struct sqlite3;

namespace onewriter::sqlite {

/// The content of the index of the write-ahead log, which is memory shared by
/// all connections of a database (https://sqlite.org/walformat.html#walidxfmt).
struct log_index {
  /// Frames of the log that are in use.
  uint32_t frames = 0;
  /// How many of them have been copied into the file.
  uint32_t copied = 0;
  uint32_t page_bytes = 0;
  /// Two random numbers, which change when the log starts again.
  uint64_t salt = 0;
  /// The page in the first frame; 0 if there is none.
  uint32_t first_page = 0;
  /// Whether its header is valid: two identical copies, of the version
  /// that all versions of SQLite write.
  bool is_whole = true;

  /// Returns the minimum size of the log in bytes.
  uint64_t wal_size() const;

  /// Returns whether SQLite itself may have written this. The answer is final
  /// only in a write transaction: otherwise a partial update by another program
  /// may be visible.
  bool is_sound() const {
    return is_whole && copied <= frames && (frames == 0 || first_page != 0);
  }

  /// Returns whether this can have become of `earlier`: a log that has not
  /// started again keeps its first frame.
  bool may_follow(const log_index& earlier) const {
    auto has_started_again
      = salt != earlier.salt || frames == 0 || earlier.frames == 0;
    return has_started_again || first_page == earlier.first_page;
  }
};

/// Returns the content of the index, without a system call; nothing if `db` has
/// none open, or if the VFS has none.
std::optional<log_index> read_log_index(sqlite3* db);

/// Makes the next transaction of any connection build the index again from the
/// log, as SQLite does after a crash. Only in a write transaction, which has to
/// be rolled back: its pages must not be added to an index that is damaged.
void discard_log_index(sqlite3* db) noexcept;

} // namespace onewriter::sqlite
