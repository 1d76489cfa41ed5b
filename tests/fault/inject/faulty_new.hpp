#pragma once

#include "tests/fault/inject/thread_role.hpp"

#include <cstdint>
#include <string>

namespace onewriter::test {

/// An operator new that throws at one point, in the library's code alone and on
/// the threads of one role: in functions of namespace onewriter, and in what
/// they call. All of it may be used from any thread.
class faulty_new {
public:
  /// Finds out which code is the library's. Returns whether there is any; comes
  /// before anything else.
  [[nodiscard]] static bool install();

  /// Counts allocations of threads with the role `who` from now on. From the
  /// one with the number `index` on, from 0, the first `length` of those fail
  /// that the library's code makes.
  static void start(thread_role who, uint64_t index, uint64_t length);

  /// Switches the fault off, and counts no further.
  static void stop();

  /// How many allocations have failed since the start.
  static uint64_t failed();

  /// How many there were since the start.
  static uint64_t count();

  /// Returns the functions in which the first failed, for people.
  static std::string place();
};

} // namespace onewriter::test
