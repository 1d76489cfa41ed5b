#pragma once

#include <cstdint>
#include <string>

namespace onewriter::test {

/// The files of an open database, and the folder that they are in.
enum class victim : uint8_t {
  /// The database itself.
  file,
  /// The write-ahead log, `-wal`.
  log,
  /// The index of the log, `-shm`.
  index,
  /// The lock of the owner, `-owner`.
  lock,
  folder,
};

/// The kinds of tampering with files that are in use
/// (https://sqlite.org/howtocorrupt.html).
enum class tampering : uint8_t {
  /// The name is gone, the file is not.
  erase,
  /// The file has another name.
  rename,
  /// Another file has the name: another database, or bytes without a meaning.
  replace,
  /// The file has no bytes.
  empty,
  /// The file has only its first half.
  cut,
  /// Each byte is another one.
  spoil,
  /// Each byte is zero.
  blank,
  /// Its owner may not open it any more.
  forbid,
  /// The file has a second name.
  link,
};

std::string to_string(victim x);

std::string to_string(tampering x);

/// Returns the path of one of the files of the database `path`.
std::string path_of(victim x, const std::string& path);

/// Tampers with a file. To be called in a process without the database open:
/// closing the file would release the process's locks. Throws
/// `std::filesystem::filesystem_error`.
void tamper(tampering what, victim whom, const std::string& path);

/// Undoes what can be undone: a lost name, lost permissions, a second name.
void undo_tampering(tampering what, victim whom, const std::string& path);

/// Returns "all there" where each number that the file `numbers` has on a line
/// of its own is in the table `t(a)` of the database `path`, as SQLite alone
/// sees it; else how many are not, or why it cannot be read.
std::string look_for_numbers(const std::string& path,
                             const std::string& numbers);

} // namespace onewriter::test
