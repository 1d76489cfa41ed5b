#pragma once

#include <cstdint>

namespace onewriter::test {

/// Whose allocations fail.
enum class whose : uint8_t {
  /// Those of every thread.
  any_thread,
  /// Those of the thread that has the database open for writing.
  writer,
};

/// A memory that runs out at one point, for SQLite alone. `install` comes
/// before anything else that uses SQLite in the process. All of it may be used
/// from any thread.
class faulty_memory {
public:
  /// Makes SQLite take its memory from here. Returns whether it does.
  [[nodiscard]] static bool install();

  /// Counts allocations from now on. From the one with the number `index` on,
  /// from 0, `length` of them fail.
  static void start(whose who, uint64_t index, uint64_t length);

  /// Switches the fault off, and counts no further.
  static void stop();

  /// How many allocations have failed since the start.
  static uint64_t failed();

  /// How many there were since the start.
  static uint64_t count();
};

} // namespace onewriter::test
