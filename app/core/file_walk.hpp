#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace onewriter::node {

/// Finds the regular files below a folder, in the order of their names, one
/// after the other: memory is needed for the folders on the way only. Follows
/// no links, stays on the file system that it begins on, and passes over
/// files and folders that cannot be read.
class file_walk {
public:
  struct entry {
    std::string path;
    uint64_t size = 0;
  };

  /// Walks through `root`, which may also be a file. Never returns the files of
  /// the database `excluded`, an absolute path without links, under any name:
  /// closing one of them would drop the locks that this process has on it.
  file_walk(std::string root, std::string excluded);

  /// Returns the next file, nothing at the end.
  [[nodiscard]] std::optional<entry> next();

private:
  struct folder {
    std::string path;
    // The last name comes first.
    std::vector<std::string> names;
  };

  void enter(std::string path);

  std::string take_name();

  bool is_excluded(const std::string& path, ino_t number) const;

  std::string excluded_;
  // The same files, for the case that they have other names, too.
  std::vector<ino_t> excluded_numbers_;
  std::vector<folder> folders_;
  dev_t device_ = 0;
};

/// Number and size of the files that `walk` finds.
struct tree_size {
  uint64_t files = 0;
  uint64_t bytes = 0;
};

[[nodiscard]] tree_size measure(file_walk walk);

} // namespace onewriter::node
