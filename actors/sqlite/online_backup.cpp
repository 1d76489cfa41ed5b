#include "actors/sqlite/online_backup.hpp"

#include "actors/sqlite/base/errors.hpp"
#include "actors/sqlite/file/files.hpp"
#include "actors/sqlite/statement/query_scalar.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace onewriter::sqlite {

namespace {

constexpr const char* companions[] = {"-wal", "-shm", "-journal", "-owner"};

bool is_same_file(const std::string& x, const std::string& y) {
  struct stat a;
  struct stat b;
  return ::stat(x.c_str(), &a) == 0 && ::stat(y.c_str(), &b) == 0
         && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

caf::error check_not_source(const std::string& target,
                            const std::string& source) {
  auto is_source = target == source || is_same_file(target, source);
  for (auto x : companions)
    is_source = is_source || target == source + x;
  if (!is_source)
    return {};
  return make_failure(ec::invalid_argument,
                      target
                        + " is the database itself, or belongs to it: "
                          "name another file");
}

caf::error check_target(const std::string& target, bool overwrite) {
  for (auto x : {"-wal", "-journal"})
    if (exists(target + x))
      return make_failure(ec::target_exists,
                          target + x
                            + " exists: another database of this name is open, "
                              "or was not closed properly");
  if (exists(target) && !overwrite)
    return make_failure(ec::target_exists,
                        target + " exists: name another file, or overwrite it");
  return explain_access(target, true);
}

caf::expected<database_ptr> open_file(const std::string& path, int flags,
                                      const std::string& vfs) {
  sqlite3* raw = nullptr;
  auto rc = sqlite3_open_v2(
    path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE,
    vfs.empty() ? nullptr : vfs.c_str());
  auto db = database_ptr{raw};
  if (rc != SQLITE_OK)
    return make_error(raw, rc);
  sqlite3_extended_result_codes(raw, 1);
  return db;
}

caf::error close_file(database_ptr& db) {
  auto rc = sqlite3_close(db.get());
  if (rc != SQLITE_OK)
    return make_error(db.get(), rc);
  static_cast<void>(db.release());
  return {};
}

caf::error expect(sqlite3* db, const std::string& sql,
                  const std::string& wanted) {
  auto answer = query_scalar(db, sql);
  if (!answer)
    return answer.error();
  if (*answer == wanted)
    return {};
  return make_failure(ec::corrupt, "the copy is damaged, and so is probably "
                                   "its source: "
                                     + *answer);
}

// Gives `from` the name `to`, which must not exist.
int rename_new(const std::string& from, const std::string& to) {
#ifdef RENAME_NOREPLACE
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(),
                  RENAME_NOREPLACE)
      == 0)
    return 0;
  // Not every file system can do that.
  if (errno != EINVAL && errno != ENOSYS)
    return -1;
#endif
  if (exists(to)) {
    errno = EEXIST;
    return -1;
  }
  return ::rename(from.c_str(), to.c_str());
}

} // namespace

caf::expected<std::unique_ptr<online_backup>>
online_backup::begin(connection& source, const std::string& target,
                     bool overwrite) {
  auto path = canonical_path(target);
  if (!path)
    return path.error();
  auto err = check_not_source(*path, source.options().path);
  if (err != caf::none)
    return err;
  auto result = std::unique_ptr<online_backup>{
    new online_backup(source, *path, overwrite)};
  err = result->start();
  if (err != caf::none)
    return err;
  return result;
}

online_backup::online_backup(connection& source, std::string target,
                             bool overwrite)
  : source_{source},
    target_{std::move(target)},
    partial_{target_ + ".partial"},
    overwrite_{overwrite} {
  // nop
}

online_backup::~online_backup() {
  backup_.reset();
  copy_.reset();
  source_.rollback();
  // Without the lock the partial file is another backup's.
  if (lock_ != nullptr)
    remove_partial();
}

caf::error online_backup::start() {
  // Any onewriter that has the target open, or makes another backup to it,
  // holds this lock.
  auto lock = owner_lock::acquire(target_);
  if (!lock)
    return lock.error();
  lock_ = std::move(*lock);
  auto err = check_target(target_, overwrite_);
  if (err != caf::none)
    return err;
  // The remains of an earlier process.
  remove_partial();
  err = source_.begin_read();
  return err == caf::none ? open_copy() : err;
}

caf::error online_backup::open_copy() {
  auto copy = open_file(partial_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                        source_.options().vfs);
  if (!copy)
    return copy.error();
  copy_ = std::move(*copy);
  // No other process uses the file, and an incomplete file is worthless: no
  // locks, no journal, no syncs. In exclusive mode a log needs no shared memory
  // either, which not every file system has.
  for (auto sql : {"PRAGMA locking_mode = EXCLUSIVE",
                   "PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF"}) {
    auto answer = query_scalar(copy_.get(), sql);
    if (!answer)
      return answer.error();
  }
  backup_.reset(
    sqlite3_backup_init(copy_.get(), "main", source_.handle(), "main"));
  if (backup_ == nullptr)
    return make_error(copy_.get(), sqlite3_extended_errcode(copy_.get()));
  return {};
}

caf::expected<bool> online_backup::step(int pages) {
  auto rc = sqlite3_backup_step(backup_.get(), pages);
  if (rc != SQLITE_OK && rc != SQLITE_DONE)
    return make_error(nullptr, rc);
  total_pages_ = sqlite3_backup_pagecount(backup_.get());
  done_pages_ = total_pages_ - sqlite3_backup_remaining(backup_.get());
  is_complete_ = rc == SQLITE_DONE;
  return is_complete_;
}

caf::expected<backup_receipt> online_backup::finish() {
  if (!is_complete_)
    return make_failure(ec::invalid_argument,
                        "the backup is not complete: call step again");
  backup_receipt result;
  auto err = close_copy();
  if (err == caf::none)
    err = sync_path(partial_);
  if (err == caf::none)
    err = verify(result.commit);
  result.path = target_;
  result.bytes = file_bytes(partial_);
  if (err == caf::none)
    err = publish();
  if (err != caf::none)
    return err;
  return result;
}

caf::error online_backup::close_copy() {
  auto rc = sqlite3_backup_finish(backup_.release());
  source_.rollback();
  if (rc != SQLITE_OK)
    return make_error(copy_.get(), rc);
  // The header still says that there is a log.
  auto err = expect(copy_.get(), "PRAGMA journal_mode = DELETE", "delete");
  return err == caf::none ? close_file(copy_) : err;
}

caf::error online_backup::verify(uint64_t& commit) {
  statement_deadline closing;
  closing.set(statement_deadline::time_point::max());
  auto copy = open_file(partial_, SQLITE_OPEN_READONLY, source_.options().vfs);
  if (!copy)
    return copy.error();
  closing.install(copy->get(), nullptr, source_.options().closing);
  auto err = expect(copy->get(), "PRAGMA journal_mode", "delete");
  if (err == caf::none)
    err = expect(copy->get(), "PRAGMA integrity_check(1)", "ok");
  if (closing.is_closed())
    return make_failure(ec::closed,
                        "the database was closed before its copy was verified");
  if (err != caf::none)
    return err;
  // A file that onewriter has never owned has no such table.
  auto number = query_scalar(copy->get(), "SELECT number FROM onewriter_batch");
  commit = number ? std::strtoull(number->c_str(), nullptr, 10) : 0;
  return close_file(*copy);
}

caf::error online_backup::publish() {
  auto result = overwrite_ ? ::rename(partial_.c_str(), target_.c_str())
                           : rename_new(partial_, target_);
  if (result != 0)
    return make_system_error(errno == EEXIST ? ec::target_exists : ec::io_error,
                             target_, errno);
  return sync_path(folder_of(target_));
}

void online_backup::remove_partial() noexcept {
  ::unlink(partial_.c_str());
  for (auto x : companions)
    ::unlink((partial_ + x).c_str());
}

} // namespace onewriter::sqlite
