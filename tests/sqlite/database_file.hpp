#pragma once

#include "actors/sqlite/connection.hpp"
#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

#include <memory>
#include <string>
#include <utility>

namespace onewriter::test {

using connection_ptr = std::unique_ptr<sqlite::connection>;

/// A database in a folder of its own, with a connection that writes.
class database_file {
public:
  temp_folder folder;
  std::string path = folder.file("test.db");

  sqlite::connection_options options(sqlite::role role) const {
    sqlite::connection_options result;
    result.path = path;
    result.role = role;
    return result;
  }

  connection_ptr open(const sqlite::connection_options& what) const {
    auto result = sqlite::connection::open(what);
    if (!result)
      FAIL(describe(result.error()));
    return std::move(*result);
  }

  connection_ptr open(sqlite::role role) const {
    return open(options(role));
  }
};

/// A `database_file` whose writer is open.
class writer_file : public database_file {
public:
  connection_ptr db = open(sqlite::role::writer);
};

/// Runs one statement and returns its rows, one per line, or the name of the
/// error's code.
template <class... Ts>
std::string answer(sqlite::connection& db, std::string sql, Ts&&... xs) {
  auto result = db.run(statement{std::move(sql), std::forward<Ts>(xs)...},
                       sqlite::result_limits{});
  return result ? to_string(*result) : to_string(code_of(result.error()));
}

/// Runs one statement and returns its error, "none" if there is none.
template <class... Ts>
std::string complaint(sqlite::connection& db, std::string sql, Ts&&... xs) {
  auto result = db.run(statement{std::move(sql), std::forward<Ts>(xs)...},
                       sqlite::result_limits{});
  return result ? "none" : describe(result.error());
}

inline bool ok(const caf::error& err) {
  return err == caf::none;
}

/// Returns the name of the code of `err`.
inline std::string name_of(const caf::error& err) {
  return to_string(code_of(err));
}

/// Returns why a connection cannot be opened, as the name of the error's code.
inline std::string refusal_of(const sqlite::connection_options& options) {
  auto result = sqlite::connection::open(options);
  return result ? "none" : name_of(result.error());
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace onewriter::test
