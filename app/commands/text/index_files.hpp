#pragma once

#include "app/core/file_walk.hpp"
#include "onewriter/client.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace onewriter::node {

/// The index where none is named.
inline constexpr const char* default_index = "files";

/// Which files to index.
struct index_files_request {
  /// Files, and folders with all that is in them.
  std::vector<std::string> paths;
  std::string index;
  /// Whether names that begin with a dot are indexed as well, below the paths.
  bool hidden = false;
  /// Whether files that are gone from the folders among the paths are taken out
  /// of the index. Not where the index is of another machine's files.
  bool removes_gone = true;
  /// Asked from time to time: whether to stop.
  std::function<bool()> stopped = [] {
    return false;
  };
  /// Called when a file could not be indexed, with its path and the reason.
  std::function<void(const std::string&, const caf::error&)> failed;
  /// Called where one of `paths` itself is passed over, with the reason.
  std::function<void(const std::string&, const std::string&)> passed_over
    = [](const std::string&, const std::string&) {
      };
};

/// What became of the files.
struct index_files_report {
  /// All that were found.
  tree_size all;
  /// Those that are done, in one way or another.
  tree_size done;
  uint64_t added = 0;
  uint64_t replaced = 0;
  uint64_t unchanged = 0;
  /// Those that the index had and that are gone.
  uint64_t removed = 0;
  /// They are no texts in UTF-8.
  uint64_t no_text = 0;
  uint64_t failed = 0;
  uint64_t passages = 0;
};

/// Has files indexed under their absolute paths, a few at a time, and calls
/// `progressed` after each. Files that the index has with the same content are
/// read and left as they are. What the index has besides under the path of a
/// file below one of the folders, where no regular file is any more, is taken
/// out. Errors: `ec::cannot_open` for a path that does
/// not exist, and those of `chunked_index` that are no fault of a file, of
/// `remove_document` and of `query`.
[[nodiscard]] caf::expected<index_files_report>
index_files(caf::actor_system& sys, client& db,
            const index_files_request& asked,
            const std::function<void(const index_files_report&)>& progressed);

} // namespace onewriter::node
