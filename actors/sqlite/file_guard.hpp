#pragma once

#include "actors/sqlite/files.hpp"
#include "onewriter/failure.hpp"

#include <optional>
#include <string>

struct sqlite3;

namespace onewriter::sqlite {

class owner_lock;

/// The files of an open database. An identity is empty where the VFS keeps the
/// file elsewhere.
struct known_files {
  std::optional<file_identity> file;
  /// The write-ahead log, `-wal`.
  std::optional<file_identity> log;
  /// The index of the log, `-shm`.
  std::optional<file_identity> index;
  /// Bytes of the file.
  uint64_t bytes = 0;
};

/// Whether `path` still leads to the file that it led to; fine where that was
/// none. Errors: `ec::file_replaced`, or `ec::cannot_open` where the operating
/// system does not let us look.
[[nodiscard]] caf::error
check_name(const std::string& path,
           const std::optional<file_identity>& expected);

/// Notices what other programs do to the files of an open database
/// (https://sqlite.org/howtocorrupt.html), which SQLite does not: it goes on to
/// write into files that have no name any more, or that hold something else.
/// Opens no file; a look at a name costs half a microsecond. Before `install`
/// everything is as it should be.
class file_guard {
public:
  /// Remembers which files `db` has open, whose log has been read too, and the
  /// name of `lock`. `bytes` is the size that the file had when it was open
  /// before, 0 where it was not.
  void install(sqlite3* db, const std::string& path, const owner_lock* lock,
               uint64_t bytes);

  /// Whether a commit would find its files as they were, as far as names, sizes
  /// and the index tell. To be called in a transaction that writes: then no
  /// second owner can come between the look and the commit, because it reads
  /// the number of the last commit in such a transaction, after it has taken
  /// the name of the lock. Errors: those of `check_name`, `ec::corrupt`.
  [[nodiscard]] caf::error check_before_commit();

  /// Whether the names of the file, its log and the index lead to the open
  /// files. Errors: those of `check_name`.
  [[nodiscard]] caf::error check_names() const;

  /// Whether the name of the lock leads to the lock that is held. Errors: those
  /// of `check_name`.
  [[nodiscard]] caf::error check_owner() const;

  /// Whether the files are still what they were, as far as a look at their
  /// beginning and at the size tells. Errors: `ec::corrupt`, `ec::io_error`.
  [[nodiscard]] caf::error check_content();

  /// Whether the index may be what SQLite has written; for transactions that
  /// write. Error: `ec::corrupt`.
  [[nodiscard]] caf::error check_index() const;

  /// Whether the log has no name any more, and no other program an index of its
  /// own: then what it holds can be copied.
  bool is_log_lost() const;

  /// Tells that the owner itself may have cut the file.
  void checkpointed();

  const known_files& files() const {
    return files_;
  }

private:
  caf::error check_file_size(uint64_t bytes);

  caf::error check_log_content() const;

  caf::error check_for_hole() const;

  sqlite3* db_ = nullptr;
  std::string path_;
  std::string log_path_;
  std::string index_path_;
  std::string owner_path_;
  known_files files_;
  std::optional<file_identity> owner_;
  // Frames of the log before the last commit, 0 where that is not known.
  uint32_t frames_before_ = 0;
};

} // namespace onewriter::sqlite
