#pragma once

#include "actors/sqlite/connection.hpp"
#include "actors/sqlite/schema.hpp"
#include "onewriter/options.hpp"
#include "tests/temp_folder.hpp"

#include <memory>
#include <string>

namespace onewriter::test {

/// A database with a few tables of users, an index with one document, and the
/// connections of its owner.
class sql_fixture {
public:
  /// Throws `std::runtime_error` where the database cannot be made.
  sql_fixture();

  ~sql_fixture();

  sqlite::connection& writer() {
    return *writer_;
  }

  sqlite::connection& reader() {
    return *reader_;
  }

  const options& opts() const {
    return opts_;
  }

  /// The mark of the last commit, as the owner knows it.
  sqlite::commit_token mark;

  /// Restores the initial state.
  void rebuild();

  /// Returns all that a statement may not change, in a connection and in the
  /// file: settings, other databases, onewriter's tables, the schema of it all.
  std::string state(sqlite::connection& db);

  /// Returns what of that a user's write may not change when it is committed.
  std::string lasting_state();

private:
  void open();

  void close();

  temp_folder folder_;
  options opts_;
  std::unique_ptr<sqlite::connection> writer_;
  std::unique_ptr<sqlite::connection> reader_;
};

} // namespace onewriter::test
