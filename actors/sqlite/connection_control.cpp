// Transactions, maintenance and observers of a connection.

#include "actors/sqlite/base/errors.hpp"
#include "actors/sqlite/file/log_frames.hpp"
#include "actors/sqlite/own_work.hpp"

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

// -- transactions ---------------------------------------------------------------

caf::error connection::begin_immediate() {
  spills_before_ = count_spills();
  return perform(control::begin_immediate);
}

caf::error connection::begin_read() {
  auto err = perform(control::begin_read);
  if (err == caf::none)
    err = perform(control::take_snapshot);
  if (err != caf::none)
    rollback();
  return err;
}

caf::error connection::commit() {
  auto spilled = has_spilled();
  auto pages_before = log_.pages();
  auto err = perform(control::commit);
  return err == caf::none && spilled ? check_spilled_frames(pages_before) : err;
}

// No known case gets here: the known ones were rolled back as a whole. A
// virtual table or a function of the embedding program may undo its own
// statement without an error.
caf::error connection::check_spilled_frames(int64_t pages_before) {
  // Fewer than before: the log has started again.
  auto last = log_.pages();
  auto first = last > pages_before ? pages_before + 1 : 1;
  auto err = check_frames(handle(), first, last, page_size());
  is_index_suspect_ |= err != caf::none;
  return err;
}

void connection::rollback() noexcept {
  if (in_transaction())
    run_control(control::rollback);
}

caf::error connection::savepoint() {
  return perform(control::savepoint);
}

caf::error connection::release_savepoint() {
  return perform(control::release);
}

caf::error connection::rollback_to_savepoint() {
  auto err = perform(control::rollback_to);
  return err == caf::none ? perform(control::release) : err;
}

int connection::run_control(control what) noexcept {
  auto all_is_allowed = own_work{*this};
  auto before = clock_.pause(true);
  auto rc = control_.run(what);
  clock_.pause(before);
  return rc;
}

caf::error connection::perform(control what) {
  auto rc = run_control(what);
  return rc == SQLITE_OK ? caf::error{} : failed(rc, {});
}

// -- maintenance ----------------------------------------------------------------

caf::expected<checkpoint_receipt> connection::checkpoint(checkpoint_mode mode) {
  if (options_.role == role::reader)
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
  if (err == caf::none && options_.foreign_keys)
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
  auto found = run_trusted(no_limits, pragma, nullptr, 0);
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

int64_t connection::page_size() {
  auto size = run_internal("PRAGMA page_size");
  return size && !size->rows.empty() ? size->rows[0].get<int64_t>(0) : 0;
}

// -- observers ------------------------------------------------------------------

int64_t connection::changes() const {
#if SQLITE_VERSION_NUMBER >= 3037000
  return sqlite3_changes64(handle());
#else
  return sqlite3_changes(handle());
#endif
}

int64_t connection::total_changes() const {
#if SQLITE_VERSION_NUMBER >= 3037000
  return sqlite3_total_changes64(handle());
#else
  return sqlite3_total_changes(handle());
#endif
}

int64_t connection::last_insert_rowid() const {
  return sqlite3_last_insert_rowid(handle());
}

void connection::clear_last_insert_rowid() {
  sqlite3_set_last_insert_rowid(handle(), 0);
}

bool connection::in_transaction() const {
  return db_ != nullptr && sqlite3_get_autocommit(handle()) == 0;
}

int connection::count_spills() const {
  int now = 0;
  int ignored = 0;
  sqlite3_db_status(handle(), SQLITE_DBSTATUS_CACHE_SPILL, &now, &ignored, 0);
  return now;
}

bool connection::has_spilled() const {
  return count_spills() != spills_before_;
}

caf::error connection::keep_pages(bool on) {
  if (on == keeps_pages_)
    return {};
  auto done
    = run_internal(on ? "PRAGMA cache_spill = OFF" : "PRAGMA cache_spill = ON");
  if (!done)
    return done.error();
  keeps_pages_ = on;
  return {};
}

bool connection::keeps_too_much() const {
  constexpr uint64_t times = 16;
  if (!keeps_pages_)
    return false;
  int now = 0;
  int ignored = 0;
  sqlite3_db_status(handle(), SQLITE_DBSTATUS_CACHE_USED, &now, &ignored, 0);
  return static_cast<uint64_t>(now) > times * options_.cache_bytes;
}

bool connection::has_unresolved_foreign_keys() const {
  int now = 0;
  int ignored = 0;
  sqlite3_db_status(handle(), SQLITE_DBSTATUS_DEFERRED_FKS, &now, &ignored, 0);
  return now != 0;
}

int connection::last_extended_code() const {
  return sqlite3_extended_errcode(handle());
}

bool connection::is_file_replaced() const {
  int has_moved = 0;
  sqlite3_file_control(handle(), "main", SQLITE_FCNTL_HAS_MOVED, &has_moved);
  return has_moved != 0;
}

} // namespace onewriter::sqlite
