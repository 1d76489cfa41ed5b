#include "actors/sqlite/runner/open_database.hpp"

#include "actors/sqlite/base/errors.hpp"
#include "actors/sqlite/file/files.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <limits>
#include <string_view>

namespace onewriter::sqlite {

namespace {

// -- before opening -------------------------------------------------------------

caf::error check_name(const std::string& path) {
  if (path.empty() || path == ":memory:")
    return make_failure(ec::no_write_ahead_log,
                        "a database without a file cannot have a write-ahead "
                        "log: name a file");
  if (path.find('\0') != std::string::npos)
    return make_failure(ec::invalid_argument, "the path holds a NUL");
  if (path.compare(0, 5, "file:") == 0)
    return make_failure(ec::invalid_argument,
                        "URIs are not supported: name the file, or ./" + path
                          + " for a file of this name");
  return {};
}

// -- opening --------------------------------------------------------------------

int access_flags(enum role role) {
  switch (role) {
    case role::writer:
      return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    case role::copier:
      return SQLITE_OPEN_READWRITE;
    default:
      return SQLITE_OPEN_READONLY;
  }
}

int open_flags(enum role role) {
  // No mutex: the mailbox of the actor is one. A cache that connections share
  // would bring locks between them (https://sqlite.org/sharedcache.html).
  constexpr auto common = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
  return common | access_flags(role);
}

const char* vfs_name(const connection_options& options) {
  return options.vfs.empty() ? nullptr : options.vfs.c_str();
}

// -- hardening ------------------------------------------------------------------

struct switch_setting {
  int option;
  int value;
};

// From this version on FTS5 and R*Tree are safe to use in triggers according to
// SQLite (https://sqlite.org/releaselog/3_44_0.html). Before, triggers that
// keep an index in step with its table work only if schemas are trusted.
constexpr auto oldest_with_innocuous_modules = 3'044'000;

constexpr switch_setting common_switches[] = {
  {SQLITE_DBCONFIG_DEFENSIVE, 1},
  {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
  // Accepts pointers from SQL, and Debian enables it.
  {SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0},
};

// Rows hold a value of full size and others; SQLite applies one limit to both.
// Its own structures need room, too, even for small values.
int length_limit(uint64_t max_value_bytes) {
  constexpr uint64_t least = 1024 * 1024;
  constexpr uint64_t most = std::numeric_limits<int>::max();
  auto wanted = std::min(max_value_bytes, most / 2) * 2;
  return static_cast<int>(std::max(wanted, least));
}

void set_limits(sqlite3* db, const connection_options& options) {
  // SQLite reduces them to the limits that it was compiled with.
  auto length = length_limit(options.max_value_bytes);
  sqlite3_limit(db, SQLITE_LIMIT_LENGTH, length);
  sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, length);
  sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit(db, SQLITE_LIMIT_WORKER_THREADS, 0);
}

// Whether views, triggers and so on may call functions with side effects.
switch_setting schema_trust() {
  auto is_needed = sqlite3_libversion_number() < oldest_with_innocuous_modules;
  return {SQLITE_DBCONFIG_TRUSTED_SCHEMA, is_needed ? 1 : 0};
}

caf::error set_switch(sqlite3* db, switch_setting x) {
  int now = -1;
  auto rc = sqlite3_db_config(db, x.option, x.value, &now);
  if (rc == SQLITE_OK && now == x.value)
    return {};
  return make_failure(ec::missing_feature,
                      "SQLite does not know the configuration option "
                        + std::to_string(x.option));
}

} // namespace

caf::expected<std::string> check_path(const connection_options& options) {
  auto err = check_name(options.path);
  if (err != caf::none)
    return err;
  auto path = canonical_path(options.path);
  if (!path)
    return path;
  if (options.is_network(*path))
    return make_failure(ec::network_file_system,
                        *path
                          + " is on a network file system, where a write-ahead "
                            "log is not safe: put it on a local disk");
  // The files of another VFS may not be visible to the operating system.
  if (options.vfs.empty())
    err = explain_access(*path, options.role != role::reader);
  if (err != caf::none)
    return err;
  if (options.vfs.empty() && name_count(*path) > 1)
    return make_failure(
      ec::cannot_open, *path
                         + " has other names (hard links), under which another "
                           "program would keep a log of its own, and one of "
                           "the two would be lost: leave it one name");
  return path;
}

caf::expected<database_ptr> open_database(const connection_options& options) {
  if (sqlite3_vfs_find(vfs_name(options)) == nullptr)
    return make_failure(ec::invalid_argument,
                        "no VFS is registered as " + options.vfs);
  sqlite3* raw = nullptr;
  auto rc = sqlite3_open_v2(options.path.c_str(), &raw,
                            open_flags(options.role), vfs_name(options));
  auto db = database_ptr{raw};
  if (rc != SQLITE_OK)
    return make_error(raw, rc);
  sqlite3_extended_result_codes(raw, 1);
  return db;
}

caf::error harden(sqlite3* db, const connection_options& options) {
  set_limits(db, options);
  auto err = set_switch(db, schema_trust());
  for (auto x : common_switches)
    if (err == caf::none)
      err = set_switch(db, x);
  if (err == caf::none && options.role != role::writer)
    err = set_switch(db, {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1});
  return err;
}

} // namespace onewriter::sqlite
