#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace onewriter::node {

/// One row while it is there.
class raw_row {
public:
  explicit raw_row(sqlite3_stmt* from) : from_{from} {
    // nop
  }

  int64_t integer(int column) const;

  /// Of a text or a blob.
  std::string_view bytes(int column) const;

private:
  sqlite3_stmt* from_;
};

/// A connection to a file that has no other connections, straight through
/// SQLite: uses none of the code that is being checked. Changes nothing.
/// Errors are exceptions of type `std::runtime_error`.
class raw_file {
public:
  using visitor = std::function<void(const raw_row&)>;

  explicit raw_file(const std::string& path);

  void for_each(const char* sql, std::initializer_list<int64_t> parameters,
                const visitor& visit);

  /// Returns the one number that a query is about.
  uint64_t number(const char* sql,
                  std::initializer_list<int64_t> parameters = {});

private:
  struct closer {
    void operator()(sqlite3* x) const;
  };

  [[noreturn]] void fail();

  std::unique_ptr<sqlite3, closer> db_;
};

/// Runs `sql` in an empty database in memory. Returns SQLite's message; empty
/// where nothing is wrong.
std::string problem_in_empty_database(const std::string& sql);

} // namespace onewriter::node
