#include "actors/sqlite/runner/open_database.hpp"
#include "actors/sqlite/statement/query_scalar.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace onewriter::sqlite {

namespace {

using namespace std::chrono;

caf::error did_not_take(const std::string& name, const std::string& wanted,
                        const std::string& got) {
  return make_failure(ec::internal, "PRAGMA " + name + " = " + wanted
                                      + " had no effect: it is " + got);
}

caf::error set(sqlite3* db, const std::string& name,
               const std::string& wanted) {
  auto answer = query_scalar(db, "PRAGMA " + name + " = " + wanted);
  if (answer)
    answer = query_scalar(db, "PRAGMA " + name);
  if (!answer)
    return answer.error();
  // Without memory mapping there is no answer, which counts as 0.
  if (*answer == wanted || (answer->empty() && wanted == "0"))
    return {};
  return did_not_take(name, wanted, *answer);
}

caf::error set_log_mode(sqlite3* db, const connection_options& options) {
  auto mode = query_scalar(db, options.role == role::writer
                                 ? "PRAGMA journal_mode = WAL"
                                 : "PRAGMA journal_mode");
  if (!mode)
    return mode.error();
  if (*mode == "wal")
    return {};
  return make_failure(
    ec::no_write_ahead_log,
    options.path + " has the journal mode " + *mode
      + (options.role == role::writer
           ? ", and its file system or VFS does not support WAL"
           : "; the writer has to open it first"));
}

// SQLite opens a file read-only if it may not write to it.
caf::error check_content(sqlite3* db, const connection_options& options) {
  if (options.role != role::reader && sqlite3_db_readonly(db, "main") != 0)
    return make_failure(ec::read_only,
                        options.path
                          + " cannot be written: make the file and its folder "
                            "writable");
  // The first read of the file.
  auto version = query_scalar(db, "PRAGMA schema_version");
  return version ? caf::error{} : version.error();
}

std::string rounded_up_ms(nanoseconds x) {
  auto ms = duration_cast<milliseconds>(x + milliseconds{1} - nanoseconds{1});
  return std::to_string(std::max<int64_t>(ms.count(), 0));
}

std::string cache_size(uint64_t bytes) {
  constexpr uint64_t most = std::numeric_limits<int>::max();
  // A negative size is in KiB, a positive one in pages.
  return "-" + std::to_string(std::clamp<uint64_t>(bytes / 1024, 1, most));
}

std::string safety_level(enum synchronous x) {
  return x == synchronous::full ? "2" : "1";
}

} // namespace

caf::error apply_pragmas(sqlite3* db, const connection_options& options) {
  const std::pair<const char*, std::string> settings[] = {
    {"synchronous", safety_level(options.synchronous)},
    {"foreign_keys", options.foreign_keys ? "1" : "0"},
    // Only the writer decides about checkpoints.
    {"wal_autocheckpoint", "0"},
    // I/O errors would become signals with a mapped file.
    {"mmap_size", "0"},
    {"cache_size", cache_size(options.cache_bytes)},
    {"journal_size_limit", std::to_string(options.wal_limit_bytes)},
    // Sorts and temporary tables beyond the page cache spill into files in the
    // folder for temporary ones: memory stays bounded.
    {"temp_store", "1"},
    {"query_only", options.role == role::writer ? "0" : "1"},
  };
  // First, because the following statements may wait for a lock.
  auto err = set(db, "busy_timeout", rounded_up_ms(options.busy_timeout));
  if (err == caf::none)
    err = check_content(db, options);
  if (err == caf::none)
    err = set_log_mode(db, options);
  for (auto& [name, value] : settings)
    if (err == caf::none)
      err = set(db, name, value);
  return err;
}

} // namespace onewriter::sqlite
