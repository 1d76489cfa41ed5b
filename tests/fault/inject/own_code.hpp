#pragma once

#include <cstddef>
#include <string>

namespace onewriter::test {

/// Tells which functions of the process are the library's. The tables of
/// symbols say so, of all functions and not just of those that are exported:
/// most actors have no function with a name that is known outside its source.
class own_code {
public:
  /// Reads the tables of symbols. Returns whether the library is in them.
  [[nodiscard]] static bool load();

  /// Whether the nearest frame in namespace onewriter, of those of a backtrace,
  /// is one of the library's and not of its tests'. Not where CAF wakes an
  /// actor: it has the message then, and never runs if that fails. Does not
  /// allocate.
  static bool is_on(void* const* frames, size_t count);

  /// Returns the functions of the namespace in a backtrace, for people.
  static std::string describe(void* const* frames, size_t count);
};

} // namespace onewriter::test
