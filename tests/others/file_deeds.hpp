#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace onewriter::test {

/// What people and programs do to files that are in use
/// (https://sqlite.org/howtocorrupt.html).
enum class deed : uint8_t {
  /// The file's name is gone, the file is not.
  delete_file,
  /// The file has another name.
  rename_file,
  /// Another database has the file's name.
  replace_file,
  /// The log's name is gone, the log is not.
  delete_log,
  /// Another file has the log's name.
  replace_log,
  /// The file's bytes are others.
  spoil_file,
  /// The log's bytes are others.
  spoil_log,
  /// The file is empty.
  empty_file,
  /// The file has only its first half.
  halve_file,
  /// The log is empty.
  empty_log,
};

std::string to_string(deed x);

/// Does it to the database `path`. Returns "done", or why not. To be called in
/// a process that has not the database open: closing the file would let go of
/// the process's locks.
std::string commit_deed(deed what, const std::string& path);

/// Returns "all there" where each number that the file `numbers` has on a line
/// of its own is in the table `t(a)` of the database `path`, as SQLite alone
/// sees it; else how many are not, or why it cannot be read.
std::string look_for_numbers(const std::string& path,
                             const std::string& numbers);

} // namespace onewriter::test
