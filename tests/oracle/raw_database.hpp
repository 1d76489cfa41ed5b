#pragma once

#include <cstdint>
#include <functional>
#include <string>

struct sqlite3;
struct sqlite3_stmt;

namespace onewriter::test {

/// One row of a result; columns count from 0.
class raw_row {
public:
  explicit raw_row(sqlite3_stmt* at) : at_{at} {
    // nop
  }

  uint64_t number(int column) const;

  /// Returns all bytes of a text or a blob; empty for NULL.
  std::string text(int column) const;

private:
  sqlite3_stmt* at_;
};

/// A database that SQLite alone has open, past all that onewriter does, with
/// the default VFS. Waits up to 30 s for the locks of others. The functions
/// throw `std::runtime_error` with SQLite's message, but for `outcome`.
class raw_database {
public:
  /// Opens the file, which is created where there is none. The first statement
  /// recovers what a process has left that died.
  explicit raw_database(const std::string& path);

  raw_database(const raw_database&) = delete;

  raw_database& operator=(const raw_database&) = delete;

  ~raw_database();

  /// Runs statements, separated by semicolons.
  void run(const std::string& sql);

  /// Does the same; returns "ok" or SQLite's message.
  std::string outcome(const std::string& sql);

  /// Runs one statement and calls `visit` for each row.
  void for_each(const std::string& sql,
                const std::function<void(const raw_row&)>& visit);

  /// Returns the first cell of the first row; empty where there is none.
  std::string text(const std::string& sql);

  /// Returns the first cell of the first row; 0 where there is none.
  uint64_t number(const std::string& sql);

  bool has_table(const std::string& name);

  /// Lets the log stay as it is when this connection is the last to close.
  void keep_log();

private:
  [[noreturn]] void fail(const std::string& what);

  sqlite3* db_ = nullptr;
};

} // namespace onewriter::test
