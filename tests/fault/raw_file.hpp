#pragma once

#include <cstdint>
#include <string>
#include <vector>

struct sqlite3;

namespace onewriter::test {

/// A connection of SQLite's own, past all that onewriter does, with its default
/// VFS.
class raw_file {
public:
  explicit raw_file(const std::string& path);

  raw_file(const raw_file&) = delete;

  raw_file& operator=(const raw_file&) = delete;

  ~raw_file();

  /// Returns all rows, cells as texts. An error is in `problems`.
  std::vector<std::vector<std::string>> rows(const std::string& sql);

  /// Returns the first cell; empty where there is none.
  std::string text(const std::string& sql);

  /// Returns the first cell; 0 where there is none.
  int64_t number(const std::string& sql);

  /// What SQLite refused.
  const std::vector<std::string>& problems() const {
    return problems_;
  }

private:
  void note(const std::string& sql);

  sqlite3* db_ = nullptr;
  std::vector<std::string> problems_;
};

} // namespace onewriter::test
