#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace onewriter::test {

/// A database file as SQLite alone sees it. All functions throw on errors.
class raw_rows {
public:
  /// Opens the file, whereby SQLite recovers what a dead process has left.
  explicit raw_rows(const std::string& path);

  raw_rows(const raw_rows&) = delete;

  raw_rows& operator=(const raw_rows&) = delete;

  ~raw_rows();

  /// Calls `visit` for each numbered row, in the order of their arrival.
  void
  for_each(const std::function<void(uint32_t client, uint64_t number,
                                    const std::string& content)>& visit) const;

  /// Returns the count of rows that the client's own writes have kept.
  uint64_t tally(uint32_t client) const;

  /// Whether large requests that failed have left anything.
  bool has_remnants() const;

  /// Returns what is wrong with the file, nothing where it is sound.
  std::vector<std::string> problems() const;

private:
  void run(const std::string& sql,
           const std::function<void(sqlite3_stmt*)>& visit) const;

  sqlite3* db_ = nullptr;
};

} // namespace onewriter::test
