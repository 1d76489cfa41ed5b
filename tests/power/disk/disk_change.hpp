#pragma once

#include "tests/vfs/shim_vfs.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace onewriter::test {

/// What can be done to a disk that a power cut may undo, or that keeps it from
/// being undone. A power cut comes between two changes.
enum class change : uint8_t {
  /// A file that did not exist is created, empty.
  create,
  write,
  truncate,
  /// The content of a file is synced.
  sync,
  /// The names in the folder are synced.
  sync_folder,
  /// A name is taken out of the folder.
  remove,
};

/// Returns the name of `x`, for reports.
const char* to_string(change x);

/// One change, as it was asked for.
struct disk_change {
  change what = change::write;
  file_kind kind = file_kind::other;
  /// Name of the file within its folder; empty for `sync_folder`.
  std::string file;
  /// Where a write begins, what a truncation leaves; else 0.
  size_t offset = 0;
  /// What is written.
  std::string bytes;
};

/// Renders kind of change, file and place, for reports.
std::string to_string(const disk_change& x);

/// The content of the files of a folder by name.
using folder_content = std::map<std::string, std::string>;

} // namespace onewriter::test
