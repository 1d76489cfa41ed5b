// Checkpoints, checks of the files, and the integrity check of a connection.

#include "actors/sqlite/base/errors.hpp"
#include "actors/sqlite/base/handles.hpp"
#include "actors/sqlite/connection.hpp"
#include "actors/sqlite/file/log_index.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <utility>

namespace onewriter::sqlite {

namespace {

constexpr size_t max_problems = 100;

int sqlite_mode(checkpoint_mode x) {
  switch (x) {
    case checkpoint_mode::passive:
      return SQLITE_CHECKPOINT_PASSIVE;
    case checkpoint_mode::restart:
      return SQLITE_CHECKPOINT_RESTART;
    default:
      return SQLITE_CHECKPOINT_TRUNCATE;
  }
}

// The only row if there is no problem.
bool is_praise(const row& x) {
  return x.cells.size() == 1 && x.cells.front() == value{"ok"};
}

std::string sentence_of(const row& x, bool is_foreign_key) {
  if (!is_foreign_key)
    return x.get<std::string>(0);
  // Tables without rowids have no rowid to report.
  auto [table, rowid, parent]
    = x.as<std::string, std::optional<int64_t>, std::string>();
  return "a row of " + table
         + (rowid ? " (rowid " + std::to_string(*rowid) + ")" : "")
         + " refers to a row of " + parent + " that does not exist";
}

} // namespace

// -- maintenance ----------------------------------------------------------------

caf::expected<checkpoint_receipt> connection::checkpoint(checkpoint_mode mode) {
  if (options().role == role::reader)
    return make_failure(ec::not_a_query, "readers must not checkpoint");
  if (auto err = check_before_checkpoint(); err != caf::none)
    return err;
  return copy_log(mode);
}

caf::expected<checkpoint_receipt> connection::copy_log(checkpoint_mode mode) {
  int pages = 0;
  int copied = 0;
  auto rc = sqlite3_wal_checkpoint_v2(handle(), "main", sqlite_mode(mode),
                                      &pages, &copied);
  // Both are -1 if another program prevents the start.
  auto is_blocked = rc == SQLITE_BUSY || copied < pages || pages < 0;
  is_index_suspect_ |= (rc & 0xff) == SQLITE_IOERR;
  if (rc != SQLITE_OK && rc != SQLITE_BUSY)
    return failed(rc, {});
  if (!is_blocked)
    log_.checkpointed();
  files_.checkpointed();
  return checkpoint_receipt{std::max(pages, 0), std::max(copied, 0),
                            is_blocked};
}

void connection::interrupt() noexcept {
  sqlite3_interrupt(handle());
}

caf::error connection::sync_file() {
  auto file = file_of(handle(), SQLITE_FCNTL_FILE_POINTER);
  if (file == nullptr)
    return {};
  auto rc = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
  is_index_suspect_ |= rc != SQLITE_OK;
  return rc == SQLITE_OK ? caf::error{} : failed(rc, {});
}

std::optional<log_progress> connection::progress() const {
  auto index = read_log_index(handle());
  if (!index)
    return std::nullopt;
  return log_progress{index->frames, index->copied};
}

void connection::note_copy(bool is_index_suspect) {
  is_index_suspect_ |= is_index_suspect;
  if (auto now = progress(); now && now->rest() == 0)
    log_.checkpointed();
  files_.checkpointed();
}

caf::error connection::check_files() {
  auto err = files_.check_names();
  if (err == caf::none)
    err = files_.check_content();
  if (err != caf::none || files_.check_index() == caf::none)
    return err;
  // Another program may be writing it now: not during a transaction of ours.
  err = begin_immediate();
  if (err == caf::none)
    err = files_.check_index();
  rollback();
  return code_of(err) == ec::busy ? caf::error{} : err;
}

caf::error connection::check_before_checkpoint() {
  auto err = files_.check_owner();
  return err == caf::none ? check_files() : err;
}

void connection::rescue_log() noexcept {
  if (is_log_lost())
    static_cast<void>(copy_log(checkpoint_mode::restart));
}

void connection::keep_wal() noexcept {
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

caf::expected<integrity_report> connection::check(bool quick) {
  auto is_outside = !in_transaction();
  auto err = is_outside ? begin_read() : caf::error{};
  integrity_report result;
  if (err == caf::none)
    err = add_problems(quick ? "PRAGMA quick_check(100)"
                             : "PRAGMA integrity_check(100)",
                       false, result);
  if (err == caf::none && options().foreign_keys)
    err = add_problems("PRAGMA foreign_key_check", true, result);
  if (is_outside)
    rollback();
  if (err != caf::none)
    return err;
  return result;
}

caf::error connection::add_problems(std::string_view pragma,
                                    bool are_foreign_keys,
                                    integrity_report& report) {
  auto found = run_internal(pragma);
  if (!found) {
    // If SQLite gives up because of the damage, or the schema itself has wrong
    // foreign keys, the error is the problem found.
    auto code = code_of(found.error());
    if (code != ec::corrupt && code != ec::invalid_sql)
      return found.error();
    report.problems.push_back(failure_of(found.error()).message);
    return {};
  }
  for (auto& x : found->rows)
    if (report.problems.size() < max_problems && !is_praise(x))
      report.problems.push_back(sentence_of(x, are_foreign_keys));
  return {};
}

} // namespace onewriter::sqlite
