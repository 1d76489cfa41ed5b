#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace onewriter::node {

/// A text that opens a SQLite database, in one of the languages.
struct source_pattern {
  /// The library, for people: "Python sqlite3".
  std::string_view library;
  /// What the line contains.
  std::string_view text;
  /// What the file has to contain as well, because `text` alone may mean
  /// something else; may be empty.
  std::string_view elsewhere;
  /// What in the line shows that the database is opened for reading only; may
  /// be empty.
  std::string_view read_only;
};

/// Returns all patterns. Of two that fit, the first one counts.
[[nodiscard]] const std::vector<source_pattern>& source_patterns();

/// Returns the pattern that `line` of a file with the content `file` opens a
/// database for writing with; null if it does not, as far as the line shows:
/// comments, databases in memory and read-only ones are left out.
[[nodiscard]] const source_pattern* pattern_of(std::string_view line,
                                               std::string_view file);

} // namespace onewriter::node
