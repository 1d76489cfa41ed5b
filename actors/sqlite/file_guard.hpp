#pragma once

#include "actors/sqlite/files.hpp"
#include "messages/failure.hpp"

#include <optional>
#include <string>

struct sqlite3;

namespace onewriter::sqlite {

/// Notices what others do to the files of an open database
/// (https://sqlite.org/howtocorrupt.html), which SQLite does not: it goes on to
/// write into files that have no name any more, or that hold something else.
/// Opens no file; a check costs some microseconds. Before `install` everything
/// is as it should be.
class file_guard {
public:
  /// Remembers which files `db` has open, whose log has been opened too.
  void install(sqlite3* db, const std::string& path);

  /// Whether the names lead to the open files. Error: `ec::file_replaced`.
  [[nodiscard]] caf::error check_names() const;

  /// Whether the files are still what they were, as far as a look at their
  /// beginning and at the size tells. `log_in_use`: whether the log has pages
  /// that were not copied. Errors: `ec::corrupt`, `ec::io_error`.
  [[nodiscard]] caf::error check_content(bool log_in_use) const;

  /// Tells that the owner itself may have cut the file.
  void checkpointed();

private:
  sqlite3* db_ = nullptr;
  std::string path_;
  std::string log_path_;
  // Empty where the VFS keeps its files elsewhere.
  std::optional<file_identity> file_;
  std::optional<file_identity> log_;
  long long bytes_ = 0;
};

} // namespace onewriter::sqlite
