#include "tests/others/file_deeds.hpp"

#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <set>

namespace onewriter::test {

namespace {

namespace fs = std::filesystem;

void replace(const std::string& path) {
  auto other = path + "-other";
  sqlite3* db = nullptr;
  sqlite3_open(other.c_str(), &db);
  sqlite3_exec(db, "CREATE TABLE t(a)", nullptr, nullptr, nullptr);
  sqlite3_close(db);
  fs::rename(other, path);
}

// Writes over what is there, in place.
void spoil(const std::string& path) {
  std::fstream file{path, std::ios::binary | std::ios::in | std::ios::out};
  for (auto i = fs::file_size(path); i > 0; --i)
    file.put('\xa5');
}

void replace_log(const std::string& path) {
  fs::copy_file(path, path + "-other");
  spoil(path + "-other");
  fs::rename(path + "-other", path);
}

void commit(deed what, const std::string& path, const std::string& log) {
  switch (what) {
    case deed::delete_file:
      fs::remove(path);
      return;
    case deed::rename_file:
      return fs::rename(path, path + "-away");
    case deed::replace_file:
      return replace(path);
    case deed::delete_log:
      fs::remove(log);
      return;
    case deed::replace_log:
      return replace_log(log);
    case deed::spoil_file:
      return spoil(path);
    case deed::spoil_log:
      return spoil(log);
    case deed::empty_file:
      return fs::resize_file(path, 0);
    case deed::halve_file:
      return fs::resize_file(path, fs::file_size(path) / 2);
    case deed::empty_log:
      return fs::resize_file(log, 0);
  }
}

// In a damaged file anything can be found, also what is no number.
int read_numbers(sqlite3* db, std::set<int64_t>& found) {
  sqlite3_stmt* raw = nullptr;
  auto rc = sqlite3_prepare_v2(db, "SELECT a FROM t", -1, &raw, nullptr);
  auto stmt = std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)>{
    raw, &sqlite3_finalize};
  if (rc != SQLITE_OK)
    return rc;
  while ((rc = sqlite3_step(raw)) == SQLITE_ROW)
    found.insert(sqlite3_column_int64(raw, 0));
  return rc;
}

} // namespace

std::string to_string(deed x) {
  switch (x) {
    case deed::delete_file:
      return "delete file";
    case deed::rename_file:
      return "rename file";
    case deed::replace_file:
      return "replace file";
    case deed::delete_log:
      return "delete log";
    case deed::replace_log:
      return "replace log";
    case deed::spoil_file:
      return "spoil file";
    case deed::spoil_log:
      return "spoil log";
    case deed::empty_file:
      return "empty file";
    case deed::halve_file:
      return "halve file";
    default:
      return "empty log";
  }
}

std::string commit_deed(deed what, const std::string& path) {
  try {
    commit(what, path, path + "-wal");
    return "done";
  } catch (const fs::filesystem_error& err) {
    return err.what();
  }
}

std::string look_for_numbers(const std::string& path,
                             const std::string& numbers) {
  sqlite3* raw = nullptr;
  auto rc = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
  auto db = std::unique_ptr<sqlite3, int (*)(sqlite3*)>{raw, &sqlite3_close};
  std::set<int64_t> found;
  if (rc == SQLITE_OK)
    rc = read_numbers(raw, found);
  size_t missing = 0;
  std::ifstream file{numbers};
  for (int64_t number = 0; file >> number;)
    missing += 1 - found.count(number);
  if (missing == 0)
    return "all there";
  return rc == SQLITE_DONE ? std::to_string(missing) + " missing"
                           : sqlite3_errmsg(raw);
}

} // namespace onewriter::test
