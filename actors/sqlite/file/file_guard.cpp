#include "actors/sqlite/file/file_guard.hpp"

#include "actors/sqlite/base/errors.hpp"
#include "actors/sqlite/base/handles.hpp"
#include "actors/sqlite/file/log_frames.hpp"
#include "actors/sqlite/file/log_index.hpp"
#include "actors/sqlite/file/owner_lock.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>

namespace onewriter::sqlite {

namespace {

// https://sqlite.org/fileformat.html#magic_header_string
constexpr char file_magic[] = "SQLite format 3";

// The file begins with its magic, the size of its pages and their number.
constexpr size_t file_header_bytes = 32;
constexpr size_t header_page_bytes_at = 16;
constexpr size_t header_page_count_at = 28;

// https://sqlite.org/fileformat.html#wal_file_format; the last bit is the byte
// order of checksums.
constexpr unsigned char log_magic[] = {0x37, 0x7f, 0x06, 0x82};

constexpr char the_file[] = "the file";
constexpr char the_log[] = "the write-ahead log";
constexpr char the_index[] = "the index of the write-ahead log";

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

// If a component of the path does not exist any more, nor does the file.
bool is_absence(int error_number) {
  return error_number == ENOENT || error_number == ENOTDIR
         || error_number == ELOOP;
}

// As `check_name`; returns the size at no extra cost.
caf::error look_for(const std::string& path,
                    const std::optional<file_identity>& expected,
                    file_look& found) {
  if (!expected)
    return {};
  found = look_at(path);
  if (found.identity == expected)
    return {};
  if (found.identity || is_absence(found.error_number))
    return replaced(path);
  return make_system_error(ec::cannot_open, path, found.error_number);
}

template <size_t Size>
caf::error read_start(sqlite3* db, sqlite3_file* file,
                      unsigned char (&to)[Size], const char* what) {
  auto rc = file->pMethods->xRead(file, to, Size, 0);
  if (rc == SQLITE_IOERR_SHORT_READ)
    return damaged(what);
  return rc == SQLITE_OK ? caf::error{} : make_error(db, rc);
}

// The size according to the file's header. Big-endian, like all numbers in it.
uint64_t bytes_by_header(const unsigned char* header) {
  uint64_t page_bytes
    = header[header_page_bytes_at] << 8 | header[header_page_bytes_at + 1];
  if (page_bytes == 1)
    page_bytes = 65'536;
  uint64_t pages = 0;
  for (size_t i = 0; i < 4; ++i)
    pages = pages << 8 | header[header_page_count_at + i];
  return page_bytes * pages;
}

bool has_log_magic(unsigned char (&start)[sizeof log_magic]) {
  start[3] = static_cast<unsigned char>(start[3] & ~1);
  return std::memcmp(start, log_magic, sizeof start) == 0;
}

} // namespace

caf::error check_name(const std::string& path,
                      const std::optional<file_identity>& expected) {
  file_look ignored;
  return look_for(path, expected, ignored);
}

void file_guard::install(sqlite3* db, const std::string& path,
                         const owner_lock* lock, uint64_t bytes) {
  db_ = db;
  path_ = path;
  log_path_ = path + "-wal";
  index_path_ = path + "-shm";
  files_.file = identity_of(path_);
  files_.log = identity_of(log_path_);
  files_.index = identity_of(index_path_);
  if (lock != nullptr) {
    owner_path_ = lock->path();
    owner_ = lock->identity();
  }
  files_.bytes = bytes;
  if (bytes == 0)
    checkpointed();
}

caf::error file_guard::check_before_commit() {
  file_look file;
  if (auto err = look_for(path_, files_.file, file); err != caf::none)
    return err;
  file_look log;
  if (auto err = look_for(log_path_, files_.log, log); err != caf::none)
    return err;
  if (auto err = check_name(index_path_, files_.index); err != caf::none)
    return err;
  if (auto err = check_owner(); err != caf::none)
    return err;
  if (files_.file)
    if (auto err = check_file_size(file.bytes); err != caf::none)
      return err;
  auto index = read_log_index(db_);
  if (!index)
    return {};
  if (!is_trusted(*index))
    return damaged(the_index);
  index_before_ = *index;
  auto is_cut = files_.log && log.bytes < index->wal_size();
  return is_cut ? damaged(the_log) : caf::error{};
}

caf::error file_guard::check_names() const {
  if (auto err = check_name(path_, files_.file); err != caf::none)
    return err;
  if (auto err = check_name(log_path_, files_.log); err != caf::none)
    return err;
  return check_name(index_path_, files_.index);
}

caf::error file_guard::check_owner() const {
  return check_name(owner_path_, owner_);
}

// Another program that has vacuumed the file may truncate it, after it has
// written the new size to the first page.
caf::error file_guard::check_file_size(uint64_t bytes) {
  auto file = file_of(db_, SQLITE_FCNTL_FILE_POINTER);
  if (file == nullptr || bytes >= files_.bytes)
    return {};
  unsigned char header[file_header_bytes];
  if (auto err = read_start(db_, file, header, the_file); err != caf::none)
    return err;
  if (bytes < bytes_by_header(header))
    return damaged(the_file);
  files_.bytes = bytes;
  return {};
}

caf::error file_guard::check_content() {
  auto file = file_of(db_, SQLITE_FCNTL_FILE_POINTER);
  if (file == nullptr)
    return {};
  unsigned char magic[sizeof file_magic];
  if (auto err = read_start(db_, file, magic, the_file); err != caf::none)
    return err;
  if (std::memcmp(magic, file_magic, sizeof magic) != 0)
    return damaged(the_file);
  sqlite3_int64 bytes = 0;
  if (auto rc = file->pMethods->xFileSize(file, &bytes); rc != SQLITE_OK)
    return make_error(db_, rc);
  auto err = check_file_size(static_cast<uint64_t>(bytes));
  return err == caf::none ? check_log_content() : err;
}

caf::error file_guard::check_log_content() const {
  auto log = file_of(db_, SQLITE_FCNTL_JOURNAL_POINTER);
  if (log == nullptr)
    return {};
  unsigned char start[sizeof log_magic];
  auto err = read_start(db_, log, start, the_log);
  if (err == caf::none && !has_log_magic(start))
    err = damaged(the_log);
  if (err == caf::none)
    return check_for_hole();
  if (code_of(err) != ec::corrupt)
    return err;
  // Another program may have emptied it legitimately: then no frame is in use.
  auto index = read_log_index(db_);
  return index && index->frames == 0 ? caf::error{} : err;
}

// If the log was truncated between the check and the commit, there is a hole
// before the frames of the commit: its last frame has no checksum.
caf::error file_guard::check_for_hole() const {
  auto index = read_log_index(db_);
  auto frames = index_before_.frames;
  if (frames == 0 || !index || index->frames <= frames)
    return {};
  auto err = check_frames(db_, frames, frames, index->page_bytes);
  constexpr auto not_of_sqlite = 0;
  auto is_hole
    = err != caf::none && failure_of(err).sqlite_code == not_of_sqlite;
  return is_hole ? damaged(the_log) : err;
}

caf::error file_guard::check_index() const {
  auto index = db_ != nullptr ? read_log_index(db_) : std::nullopt;
  return !index || is_trusted(*index) ? caf::error{} : damaged(the_index);
}

bool file_guard::is_trusted(const log_index& now) const {
  return now.is_sound() && now.may_follow(index_before_);
}

// A commit would add its pages to the damaged index and make its header valid,
// and other transactions would miss the pages of all earlier commits. A
// rollback would allocate as many frames as a damaged header says.
void file_guard::prepare_rollback() noexcept {
  if (db_ == nullptr || sqlite3_txn_state(db_, "main") != SQLITE_TXN_WRITE)
    return;
  auto index = read_log_index(db_);
  if (index && !is_trusted(*index))
    discard_log_index(db_);
}

bool file_guard::is_log_lost() const {
  if (!files_.log || identity_of(log_path_) == files_.log)
    return false;
  auto index = identity_of(index_path_);
  return !index || index == files_.index;
}

void file_guard::checkpointed() {
  auto file = file_of(db_, SQLITE_FCNTL_FILE_POINTER);
  sqlite3_int64 bytes = 0;
  auto is_known
    = file != nullptr && file->pMethods->xFileSize(file, &bytes) == SQLITE_OK;
  files_.bytes = is_known ? static_cast<uint64_t>(bytes) : 0;
}

} // namespace onewriter::sqlite
