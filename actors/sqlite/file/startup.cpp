#include "actors/sqlite/file/startup.hpp"

#include "actors/sqlite/base/handles.hpp"

#include <sqlite3.h>

#include <utility>

namespace onewriter::sqlite {

namespace {

constexpr int version_number(int major, int minor, int patch) {
  return major * 1'000'000 + minor * 1'000 + patch;
}

constexpr auto oldest_version = version_number(3, 35, 0);

bool has_fts5_module() {
  sqlite3* db = nullptr;
  auto rc = sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE, nullptr);
  auto owner = database_ptr{db};
  // This function exists if the module does.
  return rc == SQLITE_OK
         && sqlite3_exec(db, "SELECT fts5_source_id()", nullptr, nullptr,
                         nullptr)
              == SQLITE_OK;
}

caf::error missing(std::string what) {
  return make_failure(ec::missing_feature,
                      "SQLite " + sqlite_version() + " " + std::move(what));
}

} // namespace

bool has_wal_reset_bug(int number) {
  if (number < version_number(3, 7, 0) || number >= version_number(3, 51, 3))
    return false;
  auto has_fix_of_its_branch
    = (number >= version_number(3, 44, 6) && number < version_number(3, 45, 0))
      || (number >= version_number(3, 50, 7)
          && number < version_number(3, 51, 0));
  return !has_fix_of_its_branch;
}

std::string sqlite_version() {
  return sqlite3_libversion();
}

int sqlite_version_number() {
  return sqlite3_libversion_number();
}

library_features features_of_library() {
  return {sqlite3_libversion_number(), sqlite3_threadsafe() != 0,
          has_fts5_module()};
}

caf::error check_features(const library_features& features) {
  if (features.version_number < oldest_version)
    return missing("is too old: 3.35.0 or later is needed");
  if (!features.thread_safe)
    return missing("was compiled with SQLITE_THREADSAFE=0: use one compiled "
                   "with SQLITE_THREADSAFE=1 or 2");
  if (!features.has_fts5)
    return missing("lacks full-text search: use one compiled with "
                   "SQLITE_ENABLE_FTS5");
  return {};
}

} // namespace onewriter::sqlite
