#pragma once

#include "tests/power/disk_change.hpp"

#include <cstdint>
#include <string>

struct sqlite3;

namespace onewriter::test {

/// A connection that is none of onewriter's.
class raw_file {
public:
  explicit raw_file(const std::string& path);

  raw_file(const raw_file&) = delete;

  raw_file& operator=(const raw_file&) = delete;

  ~raw_file();

  /// Returns the first cells of all rows, one after the other, or SQLite's
  /// error message.
  std::string ask(const char* sql);

private:
  sqlite3* db_ = nullptr;
};

/// What SQLite alone finds, before index jobs go on.
struct raw_content {
  /// Number of the last commit, 0 where onewriter has made none.
  uint64_t commit = 0;
  /// Text of the document that can be found.
  std::string document;
  /// Whether an index job waits to be done.
  bool has_open_job = false;
};

/// Looks at `content` in `folder`, which is empty.
raw_content look_without_onewriter(const std::string& folder,
                                   const folder_content& content);

} // namespace onewriter::test
