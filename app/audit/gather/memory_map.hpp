#pragma once

#include "actors/sqlite/file/files.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace onewriter::node {

/// A file that a process has mapped to run code of it: its program or one of
/// its libraries.
struct mapped_program {
  /// Where it is mapped, as `/proc/PID/map_files` names it.
  std::string range;
  sqlite::file_identity identity;
  std::string path;
  /// Whether the file has no name any more, as after an update of a package.
  bool deleted = false;
};

/// Takes the content of `/proc/PID/maps` apart (man 5 proc_pid_maps). Returns
/// each file once, those with "sqlite" in their names first.
[[nodiscard]] std::vector<mapped_program> parse_maps(std::string_view text);

} // namespace onewriter::node
