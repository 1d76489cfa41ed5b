#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace onewriter::node {

/// A line that seems to open a SQLite database for writing.
struct source_place {
  std::string path;
  /// From 1.
  uint64_t line = 0;
  /// The library: "Python sqlite3".
  std::string library;
  /// The line without the spaces around it, at most 200 characters.
  std::string text;
};

/// What a source tree holds.
struct source_places {
  std::vector<source_place> places;
  /// Texts that were searched.
  uint64_t files = 0;
  /// Files that were left out, because they cannot be read or have more than
  /// 4 MiB.
  uint64_t skipped = 0;
};

/// Returns the places in `content`, the content of the file `path`.
[[nodiscard]] std::vector<source_place> places_in(const std::string& path,
                                                  std::string_view content);

/// Searches the texts below `folder`, in the order of their names. Leaves out
/// what is no project's own source: folders of version control (.git, .hg,
/// .svn), of packages (node_modules, .venv, __pycache__), binary files, and
/// other file systems; follows no links.
[[nodiscard]] source_places scan_source(const std::string& folder);

} // namespace onewriter::node
