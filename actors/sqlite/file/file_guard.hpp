#pragma once

#include "actors/sqlite/file/files.hpp"
#include "actors/sqlite/file/log_index.hpp"
#include "onewriter/failure.hpp"

#include <optional>
#include <string>

struct sqlite3;

namespace onewriter::sqlite {

class owner_lock;

/// The files of an open database. An identity is empty if the VFS stores the
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

/// Checks that `path` still leads to the file `expected`; no error if that is
/// empty. Errors: `ec::file_replaced`, or `ec::cannot_open` if the operating
/// system denies access.
[[nodiscard]] caf::error
check_name(const std::string& path,
           const std::optional<file_identity>& expected);

/// Detects what other programs do to the files of an open database
/// (https://sqlite.org/howtocorrupt.html). SQLite does not: it continues to
/// write into files that have no name any more, or that have other content.
/// Opens no file; checking a name costs half a microsecond. Before `install`
/// all checks succeed.
class file_guard {
public:
  /// Records which files `db` has open, whose log has been read too, and the
  /// name of `lock`. `bytes` is the size of the file when it was open before, 0
  /// if it was not.
  void install(sqlite3* db, const std::string& path, const owner_lock* lock,
               uint64_t bytes);

  /// Checks that a commit would find its files unchanged, as far as names,
  /// sizes and the index show. Must be called in a write transaction: then no
  /// second owner can get between the check and the commit, because it reads
  /// the number of the last commit in such a transaction, after it has taken
  /// the name of the lock. Errors: those of `check_name`, `ec::corrupt`.
  [[nodiscard]] caf::error check_before_commit();

  /// Checks that the names of the file, its log and the index lead to the open
  /// files. Errors: those of `check_name`.
  [[nodiscard]] caf::error check_names() const;

  /// Checks that the name of the lock leads to the lock that is held. Errors:
  /// those of `check_name`.
  [[nodiscard]] caf::error check_owner() const;

  /// Checks that the files are unchanged, as far as their beginning and their
  /// size show. Errors: `ec::corrupt`, `ec::io_error`.
  [[nodiscard]] caf::error check_content();

  /// Checks that the index may have been written by SQLite; for write
  /// transactions. Error: `ec::corrupt`.
  [[nodiscard]] caf::error check_index() const;

  /// Must be called before a transaction is rolled back: if the index is
  /// damaged, the next transaction builds it again from the log, which still
  /// has all commits.
  void prepare_rollback() noexcept;

  /// Returns whether the log has no name any more and no other program has its
  /// own index: then the content of the log can be copied.
  bool is_log_lost() const;

  /// Records that the owner itself may have truncated the file.
  void checkpointed();

  const known_files& files() const {
    return files_;
  }

private:
  caf::error check_file_size(uint64_t bytes);

  caf::error check_log_content() const;

  caf::error check_for_hole() const;

  bool is_trusted(const log_index& now) const;

  sqlite3* db_ = nullptr;
  std::string path_;
  std::string log_path_;
  std::string index_path_;
  std::string owner_path_;
  known_files files_;
  std::optional<file_identity> owner_;
  // Before the last commit; without frames if unknown.
  log_index index_before_;
};

} // namespace onewriter::sqlite
