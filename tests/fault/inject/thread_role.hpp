#pragma once

#include <cstdint>

namespace onewriter::test {

/// The role of a thread of the process.
enum class thread_role : uint8_t {
  /// One of the scheduler's, on which all actors run that have no thread of
  /// their own, or one of the operating system's.
  shared,
  /// It opened the database for writing.
  writer,
  /// It opened the database for reading.
  reader,
  /// The one that runs the script and looks at what is left.
  test,
};

/// The role of the calling thread, which may be changed.
inline thread_local thread_role own_role = thread_role::shared;

} // namespace onewriter::test
