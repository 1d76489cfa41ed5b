// The only file of the node that uses SQLite directly.

#include "app/core/raw_file.hpp"

#include <stdexcept>

#include <sqlite3.h>
#include <sys/stat.h>

namespace onewriter::node {

namespace {

struct statement_closer {
  void operator()(sqlite3_stmt* x) const {
    sqlite3_finalize(x);
  }
};

using statement_ptr = std::unique_ptr<sqlite3_stmt, statement_closer>;

// A file without a log has all there is, so it needs neither locks nor shared
// memory, of which files would be left behind.
std::string uri_of(const std::string& path) {
  std::string result = "file:";
  for (auto c : path)
    if (c == '%' || c == '?' || c == '#')
      result += c == '%' ? "%25" : c == '?' ? "%3f" : "%23";
    else
      result += c;
  struct stat info;
  auto has_log = ::stat((path + "-wal").c_str(), &info) == 0;
  return has_log ? result : result + "?immutable=1";
}

} // namespace

int64_t raw_row::integer(int column) const {
  return sqlite3_column_int64(from_, column);
}

std::string_view raw_row::bytes(int column) const {
  auto data = sqlite3_column_blob(from_, column);
  auto size = sqlite3_column_bytes(from_, column);
  return {static_cast<const char*>(data), static_cast<size_t>(size)};
}

std::string problem_in_empty_database(const std::string& sql) {
  sqlite3* db = nullptr;
  char* message = nullptr;
  auto status
    = sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE, nullptr);
  if (status == SQLITE_OK)
    status = sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &message);
  std::string result;
  if (status != SQLITE_OK)
    result = message != nullptr ? message : sqlite3_errstr(status);
  sqlite3_free(message);
  sqlite3_close(db);
  return result;
}

void raw_file::closer::operator()(sqlite3* x) const {
  sqlite3_close(x);
}

raw_file::raw_file(const std::string& path) {
  sqlite3* db = nullptr;
  auto flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
  auto code = sqlite3_open_v2(uri_of(path).c_str(), &db, flags, nullptr);
  db_.reset(db);
  if (code != SQLITE_OK)
    fail();
}

void raw_file::for_each(const char* sql,
                        std::initializer_list<int64_t> parameters,
                        const visitor& visit) {
  sqlite3_stmt* prepared = nullptr;
  if (sqlite3_prepare_v2(db_.get(), sql, -1, &prepared, nullptr) != SQLITE_OK)
    fail();
  statement_ptr what{prepared};
  auto index = 0;
  for (auto x : parameters)
    sqlite3_bind_int64(what.get(), ++index, x);
  auto code = sqlite3_step(what.get());
  for (; code == SQLITE_ROW; code = sqlite3_step(what.get()))
    visit(raw_row{what.get()});
  if (code != SQLITE_DONE)
    fail();
}

uint64_t raw_file::number(const char* sql,
                          std::initializer_list<int64_t> parameters) {
  int64_t result = 0;
  for_each(sql, parameters, [&](const raw_row& x) { result = x.integer(0); });
  return static_cast<uint64_t>(result);
}

void raw_file::fail() {
  throw std::runtime_error{sqlite3_errmsg(db_.get())};
}

} // namespace onewriter::node
