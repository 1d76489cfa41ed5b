#include "tests/others/file_tampering.hpp"

#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <set>

namespace onewriter::test {

namespace {

namespace fs = std::filesystem;

// Writes over what is there, in place and in one piece.
void spoil(const std::string& path) {
  std::fstream file{path, std::ios::binary | std::ios::in | std::ios::out};
  auto bytes = std::string(fs::file_size(path), '\xa5');
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

void make_database(const std::string& path) {
  sqlite3* db = nullptr;
  sqlite3_open(path.c_str(), &db);
  sqlite3_exec(db, "CREATE TABLE t(a)", nullptr, nullptr, nullptr);
  sqlite3_close(db);
}

void replace(victim whom, const std::string& path) {
  auto other = path + "-other";
  if (whom == victim::file) {
    make_database(other);
  } else {
    fs::copy_file(path, other);
    spoil(other);
  }
  fs::rename(other, path);
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

std::string to_string(victim x) {
  constexpr const char* names[] = {"file", "log", "index", "lock", "folder"};
  return names[static_cast<size_t>(x)];
}

std::string to_string(tampering x) {
  constexpr const char* names[]
    = {"erase", "rename", "replace", "empty", "cut", "spoil", "forbid", "link"};
  return names[static_cast<size_t>(x)];
}

std::string path_of(victim x, const std::string& path) {
  if (x == victim::folder)
    return fs::path{path}.parent_path().string();
  constexpr const char* endings[] = {"", "-wal", "-shm", "-owner"};
  return path + endings[static_cast<size_t>(x)];
}

void tamper(tampering what, victim whom, const std::string& path) {
  auto target = path_of(whom, path);
  switch (what) {
    case tampering::erase:
      fs::remove(target);
      return;
    case tampering::rename:
      return fs::rename(target, target + "-away");
    case tampering::replace:
      return replace(whom, target);
    case tampering::empty:
      return fs::resize_file(target, 0);
    case tampering::cut:
      return fs::resize_file(target, fs::file_size(target) / 2);
    case tampering::spoil:
      return spoil(target);
    case tampering::forbid:
      return fs::permissions(target, fs::perms::none);
    default:
      return fs::create_hard_link(target, target + "-link");
  }
}

void undo_tampering(tampering what, victim whom, const std::string& path) {
  auto target = path_of(whom, path);
  if (what == tampering::rename)
    fs::rename(target + "-away", target);
  else if (what == tampering::forbid)
    fs::permissions(target, fs::perms::owner_all);
  else if (what == tampering::link)
    fs::remove(target + "-link");
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
