#pragma once

#include "tests/fault/inject/strain.hpp"
#include "tests/vfs/shim_vfs.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace onewriter::test {

/// How an operation fails.
enum class fault : uint8_t {
  /// With the I/O error that belongs to it, and without effect.
  error,
  /// With the I/O error that belongs to it, after all of it was done.
  error_after,
  /// A write of half of the bytes, then an I/O error.
  error_half,
  /// The disk is full; nothing is written.
  full,
  /// The disk is full after half of the bytes.
  full_half,
  /// Another connection holds the lock.
  busy,
  /// A sync of a log that fails, after which the log is what it was at its last
  /// sync: the operating system drops what it could not write.
  lost,
};

constexpr size_t fault_count = 7;

std::string to_string(fault x);

/// For how long a fault lasts.
enum class duration : uint8_t {
  once,
  /// Five operations of the kind.
  a_while,
  /// Until the script is over.
  for_good,
  /// Until the database is closed.
  to_the_end,
};

constexpr size_t duration_count = 4;

std::string to_string(duration x);

/// One thing that goes wrong in one run.
struct fault_point {
  io what = io::open;
  fault how = fault::error;
  duration how_long = duration::once;
  /// Which operation of the kind is the first to fail, from 0.
  uint64_t index = 0;
  /// Under which strain.
  strain under{};
};

/// Renders a point as `KIND:FAULT:DURATION:INDEX`, with `:tiny` and `:pinned`
/// behind where it is under such a strain.
std::string to_string(const fault_point& x);

/// Reads what `to_string` has written; nothing where it is something else.
std::optional<fault_point> point_from(const std::string& text);

/// Returns the ways in which an operation can fail.
std::vector<fault> faults_of(io what);

/// Returns the code that SQLite gets.
int sqlite_code_of(io what, fault how);

} // namespace onewriter::test
