#pragma once

#include "tests/power/disk/disk_change.hpp"

#include <cstdint>
#include <string>

namespace onewriter::test {

/// A folder for everything, in memory where the system has such a place, and
/// removed in the end.
class work_folder {
public:
  work_folder();

  work_folder(const work_folder&) = delete;

  work_folder& operator=(const work_folder&) = delete;

  ~work_folder();

  /// Returns a new, empty folder in it.
  std::string make(const std::string& name);

  /// Removes a folder that `make` has returned.
  void remove(const std::string& folder);

private:
  std::string path_;
};

/// Writes files into an existing folder.
void write_folder(const std::string& folder, const folder_content& content);

/// Writes files into a new folder among the temporary ones, which stays, and
/// returns its path.
std::string keep_folder(const std::string& name, const folder_content& content);

} // namespace onewriter::test
