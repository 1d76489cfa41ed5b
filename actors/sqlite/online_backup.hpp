#pragma once

#include "actors/sqlite/base/handles.hpp"
#include "actors/sqlite/connection.hpp"
#include "actors/sqlite/file/owner_lock.hpp"
#include "onewriter/backup.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace onewriter::sqlite {

/// Copies a database to another file, step by step, while other connections
/// write (https://sqlite.org/backup.html).
///
/// The source is a reader's connection that holds one read transaction from
/// `begin` to `finish`: its snapshot does not change, so the copy never starts
/// over. Until `finish` the log cannot be reused. The copy grows in
/// `<target>.partial`, is closed, verified and synced, and only then renamed to
/// the target. Without a successful `finish` the partial file is removed.
class online_backup {
public:
  /// Prepares the copy. `source` must not be in a transaction and must not be
  /// used for anything else until `finish`. Errors: `ec::target_exists` (also
  /// where only a log or a journal of the target exists: SQLite would apply it
  /// to the copy), `ec::busy` (another backup to this target, or a onewriter
  /// owns it), `ec::invalid_argument` (the target is the source),
  /// `ec::cannot_open`, `ec::disk_full`, `ec::io_error`.
  static caf::expected<std::unique_ptr<online_backup>>
  begin(connection& source, const std::string& target, bool overwrite);

  online_backup(const online_backup&) = delete;

  online_backup& operator=(const online_backup&) = delete;

  ~online_backup();

  /// Copies up to `pages` pages, 1 or more. Returns whether all are copied.
  [[nodiscard]] caf::expected<bool> step(int pages);

  /// Verifies the copy, syncs it and gives it its name. Takes a while: it reads
  /// all of the copy. The source's transaction is over afterwards. Must be
  /// called once, after the last step. Errors: `ec::corrupt` (the source is
  /// damaged), `ec::target_exists`, `ec::disk_full`, `ec::io_error`,
  /// `ec::closed`.
  [[nodiscard]] caf::expected<backup_receipt> finish();

  /// Pages that have been copied; 0 before the first step.
  int64_t done_pages() const {
    return done_pages_;
  }

  /// Pages of the source; 0 before the first step.
  int64_t total_pages() const {
    return total_pages_;
  }

private:
  online_backup(connection& source, std::string target, bool overwrite);

  caf::error start();

  caf::error open_copy();

  caf::error close_copy();

  caf::error verify(uint64_t& commit);

  caf::error publish();

  void remove_partial() noexcept;

  connection& source_;
  std::string target_;
  std::string partial_;
  bool overwrite_;
  // Keeps other backups away from the partial file.
  std::unique_ptr<owner_lock> lock_;
  database_ptr copy_;
  backup_ptr backup_;
  int64_t done_pages_ = 0;
  int64_t total_pages_ = 0;
  bool is_complete_ = false;
};

} // namespace onewriter::sqlite
