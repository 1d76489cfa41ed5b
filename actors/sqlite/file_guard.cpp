#include "actors/sqlite/file_guard.hpp"

#include "actors/sqlite/errors.hpp"
#include "actors/sqlite/handles.hpp"

#include <sqlite3.h>

#include <cstring>

namespace onewriter::sqlite {

namespace {

// https://sqlite.org/fileformat.html#magic_header_string
constexpr char file_magic[] = "SQLite format 3";

// https://sqlite.org/fileformat.html#wal_file_format; the last bit tells the
// order of bytes in checksums.
constexpr unsigned char log_magic[] = {0x37, 0x7f, 0x06, 0x82};

caf::error replaced(const std::string& path) {
  return make_failure(ec::file_replaced,
                      path
                        + " was deleted, renamed or replaced while it was "
                          "open; see what became of it and open the database "
                          "again");
}

caf::error damaged(const char* what) {
  return make_failure(ec::corrupt, std::string{"another program has damaged "}
                                     + what
                                     + " while it was open; restore a backup, "
                                       "or see "
                                       "https://sqlite.org/recovery.html");
}

template <size_t Size>
caf::error read_start(sqlite3* db, sqlite3_file* file, char (&to)[Size],
                      const char* what) {
  auto rc = file->pMethods->xRead(file, to, Size, 0);
  if (rc == SQLITE_IOERR_SHORT_READ)
    return damaged(what);
  return rc == SQLITE_OK ? caf::error{} : make_error(db, rc);
}

} // namespace

void file_guard::install(sqlite3* db, const std::string& path) {
  db_ = db;
  path_ = path;
  log_path_ = path + "-wal";
  file_ = identity_of(path_);
  log_ = identity_of(log_path_);
  checkpointed();
}

caf::error file_guard::check_names() const {
  if (file_ && identity_of(path_) != file_)
    return replaced(path_);
  if (log_ && identity_of(log_path_) != log_)
    return replaced(log_path_);
  return {};
}

caf::error file_guard::check_content(bool log_in_use) const {
  auto file = file_of(db_, SQLITE_FCNTL_FILE_POINTER);
  auto log = file_of(db_, SQLITE_FCNTL_JOURNAL_POINTER);
  if (file == nullptr)
    return {};
  char magic[sizeof file_magic];
  if (auto err = read_start(db_, file, magic, "the file"); err != caf::none)
    return err;
  sqlite3_int64 bytes = 0;
  if (auto rc = file->pMethods->xFileSize(file, &bytes); rc != SQLITE_OK)
    return make_error(db_, rc);
  if (std::memcmp(magic, file_magic, sizeof magic) != 0 || bytes < bytes_)
    return damaged("the file");
  if (!log_in_use || log == nullptr)
    return {};
  char start[sizeof log_magic];
  if (auto err = read_start(db_, log, start, "the write-ahead log");
      err != caf::none)
    return err;
  start[3] = static_cast<char>(start[3] & ~1);
  return std::memcmp(start, log_magic, sizeof start) == 0
           ? caf::error{}
           : damaged("the write-ahead log");
}

void file_guard::checkpointed() {
  auto file = file_of(db_, SQLITE_FCNTL_FILE_POINTER);
  if (file == nullptr || file->pMethods->xFileSize(file, &bytes_) != SQLITE_OK)
    bytes_ = 0;
}

} // namespace onewriter::sqlite
