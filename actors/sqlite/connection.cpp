#include "actors/sqlite/connection.hpp"

#include "actors/sqlite/base/errors.hpp"
#include "actors/sqlite/file/files.hpp"
#include "actors/sqlite/file/log_frames.hpp"
#include "actors/sqlite/runner/open_database.hpp"
#include "actors/sqlite/runner/own_work.hpp"

#include <sqlite3.h>

namespace onewriter::sqlite {

// -- opening and closing --------------------------------------------------------

caf::expected<std::unique_ptr<connection>>
connection::open(const connection_options& options) {
  auto path = check_path(options);
  if (!path)
    return path.error();
  auto result = std::unique_ptr<connection>{new connection(options)};
  auto err = result->set_up(*path);
  if (err == caf::none)
    return result;
  // The file system often knows better than SQLite's "unable to open".
  auto code = code_of(err);
  if (code == ec::cannot_open || code == ec::read_only) {
    auto reason = explain_access(*path, options.role != role::reader);
    if (reason != caf::none)
      return reason;
  }
  return err;
}

connection::connection(const connection_options& options)
  : statement_runner{options} {
  // nop
}

connection::~connection() {
  rollback();
}

caf::error connection::set_up(const std::string& path) {
  if (auto err = open_file(path); err != caf::none)
    return err;
  auto all_is_allowed = own_work{*this};
  if (auto err = control_.prepare(handle()); err != caf::none)
    return err;
  install_hooks();
  return {};
}

caf::error connection::close() {
  rollback();
  control_.clear();
  return close_file();
}

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
  if (!in_transaction())
    return;
  files_.prepare_rollback();
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

// -- observers --------------------------------------------------------------------

int64_t connection::page_size() {
  auto size = run_internal("PRAGMA page_size");
  return size && !size->rows.empty() ? size->rows[0].get<int64_t>(0) : 0;
}

bool connection::in_transaction() const {
  return handle() != nullptr && sqlite3_get_autocommit(handle()) == 0;
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
  return static_cast<uint64_t>(now) > times * options().cache_bytes;
}

bool connection::has_unresolved_foreign_keys() const {
  int now = 0;
  int ignored = 0;
  sqlite3_db_status(handle(), SQLITE_DBSTATUS_DEFERRED_FKS, &now, &ignored, 0);
  return now != 0;
}

bool connection::is_file_replaced() const {
  int has_moved = 0;
  sqlite3_file_control(handle(), "main", SQLITE_FCNTL_HAS_MOVED, &has_moved);
  return has_moved != 0;
}

} // namespace onewriter::sqlite
