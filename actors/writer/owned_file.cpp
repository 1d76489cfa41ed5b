#include "actors/writer/owned_file.hpp"

#include "actors/index/tables/schema.hpp"
#include "actors/sqlite/base/errors.hpp"
#include "actors/sqlite/file/startup.hpp"
#include "actors/sqlite/runner/schema_guard.hpp"
#include "onewriter/failure.hpp"

namespace onewriter {

namespace {

// SQLite takes an empty file for a new database, and removes the log beside it.
caf::error check_emptiness(const options& opts, const writer_handover& estate) {
  auto& known = *estate.files();
  if (!known.file || known.bytes == 0 || sqlite::file_bytes(opts.path) > 0)
    return {};
  return make_failure(
    ec::corrupt,
    opts.path
      + " was not empty and is now: another program has truncated it; "
        "restore a backup");
}

// SQLite would create a file if there is none. Checks for an empty file before
// the log, which a reader may have removed because of it.
caf::error check_names(const options& opts, const writer_handover& estate,
                       bool has_readers) {
  auto& known = estate.files();
  if (!known)
    return {};
  auto err = sqlite::check_name(opts.path, known->file);
  if (err == caf::none)
    err = check_emptiness(opts, estate);
  if (err == caf::none && has_readers)
    err = sqlite::check_name(opts.path + "-wal", known->log);
  if (err == caf::none && has_readers)
    err = sqlite::check_name(opts.path + "-shm", known->index);
  return err;
}

// Opening the file again would give the same result.
caf::error check_schema(sqlite::connection& db, writer_handover& estate) {
  auto found = sqlite::find_obstacle(db);
  if (!found)
    return found.error();
  if (found->empty())
    return {};
  estate.rule_out_restart();
  return make_failure(ec::cannot_open,
                      *found + ": drop it with another program");
}

// Without its log the file is consistent, but older than acknowledged commits.
// Must be checked before anything is written: commits on top of an old state
// would make the newer commits in the log unreachable.
caf::error check_last_commit(sqlite::connection& db,
                             const writer_handover& estate) {
  if (estate.last_commit() == 0)
    return {};
  auto stored = sqlite::load_commit_token(db);
  // The file may be older than the table.
  if (!stored && stored.error() != ec::invalid_sql)
    return stored.error();
  auto found = stored ? stored->number : 0;
  if (found >= estate.last_commit())
    return {};
  return make_failure(ec::corrupt,
                      "the file has lost commits: the last that was "
                      "acknowledged is "
                        + std::to_string(estate.last_commit())
                        + ", the last in it is " + std::to_string(found)
                        + "; another program has damaged the write-ahead log");
}

// Damage reported by SQLite may have been a temporary fault of the disk.
caf::error check_soundness(sqlite::connection& db) {
  auto report = db.check(true);
  if (!report)
    return report.error();
  if (report->ok())
    return {};
  return make_failure(ec::corrupt,
                      "the file is damaged: " + report->problems.front()
                        + "; restore a backup, or see "
                          "https://sqlite.org/recovery.html");
}

// After a failed sync, the next one may succeed without having written
// anything, because the kernel has dropped the pages. Copying the log into the
// database file writes and syncs them again. Returns whether all pages were
// copied; without room for that the log keeps its pages.
caf::expected<bool> sync_everything(sqlite::connection& db,
                                    writer_handover& estate) {
  auto receipt = db.checkpoint(sqlite::checkpoint_mode::passive);
  estate.suspect_index(db.is_index_suspect());
  if (receipt)
    return receipt->log_pages == receipt->checkpointed_pages;
  if (receipt.error() == ec::disk_full)
    return false;
  return std::move(receipt.error());
}

// A failed commit may still be in the log, and recovery, after a crash or when
// the file is opened the next time, would find it. A commit in its place
// prevents that. The commit token changes, because SQLite writes nothing if
// nothing changes.
caf::error seal(sqlite::connection& db, sqlite::commit_token stored) {
  auto err = db.begin_immediate();
  if (err == caf::none)
    err = sqlite::store_commit_token(db, {stored.number, stored.nonce ^ 1});
  if (err == caf::none)
    err = db.check_before_commit();
  if (err == caf::none)
    err = db.commit();
  db.rollback();
  return err;
}

database_info info_of(const options& opts, sqlite::connection& db,
                      sqlite::commit_token stored) {
  database_info result;
  result.path = opts.path;
  result.sqlite_version = sqlite::sqlite_version();
  result.has_wal_reset_bug
    = sqlite::has_wal_reset_bug(sqlite::sqlite_version_number());
  result.synchronous = to_string(opts.synchronous);
  result.page_size = db.page_size();
  result.readers = opts.readers;
  result.commit = stored.number;
  return result;
}

caf::error check_ground(const options& opts, writer_handover& estate,
                        bool has_readers) {
  if (auto err = sqlite::check_features(); err != caf::none)
    return err;
  if (auto err = estate.take_lock(opts.path); err != caf::none)
    return err;
  return check_names(opts, estate, has_readers);
}

// The names are checked again: they may have led elsewhere when SQLite opened
// the files.
caf::expected<std::unique_ptr<sqlite::connection>>
open_connection(const options& opts, writer_handover& estate, bool has_readers,
                const caf::error& last_reason,
                const std::atomic<bool>* closing) {
  auto how = sqlite::connection_options::from(opts, sqlite::role::writer);
  how.closing = closing;
  auto db = sqlite::connection::open(how);
  if (!db)
    return estate.as_damage(db.error());
  if (auto err = check_names(opts, estate, has_readers); err != caf::none)
    return err;
  if (auto err = check_last_commit(**db, estate); err != caf::none)
    return err;
  if (auto err = check_schema(**db, estate); err != caf::none)
    return err;
  if (auto err = sqlite::prepare_schema(**db, {index_schema()});
      err != caf::none)
    return err;
  if (last_reason == ec::corrupt)
    if (auto err = check_soundness(**db); err != caf::none)
      return err;
  return db;
}

} // namespace

caf::expected<owned_file>
open_owned_file(const options& opts, writer_handover& estate, bool has_readers,
                const caf::error& last_reason,
                const std::atomic<bool>* closing) {
  if (auto err = check_ground(opts, estate, has_readers); err != caf::none)
    return err;
  auto db = open_connection(opts, estate, has_readers, last_reason, closing);
  if (!db)
    return db.error();
  auto stored = sqlite::load_commit_token(**db);
  if (!stored)
    return stored.error();
  (*db)->watch_files(estate.lock(), estate.files() ? estate.files()->bytes : 0);
  if (last_reason != caf::none)
    if (auto err = seal(**db, *stored); err != caf::none)
      return err;
  estate.remember_files((*db)->files());
  owned_file result;
  if (last_reason != caf::none) {
    auto synced = sync_everything(**db, estate);
    if (!synced)
      return std::move(synced.error());
    result.synced = *synced;
  }
  result.info = info_of(opts, **db, *stored);
  result.stored = *stored;
  result.connection = std::move(*db);
  return result;
}

} // namespace onewriter
