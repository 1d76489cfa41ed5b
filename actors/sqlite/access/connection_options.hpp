#pragma once

#include "actors/sqlite/base/rows.hpp"
#include "actors/sqlite/file/file_system.hpp"
#include "onewriter/options.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace onewriter::sqlite {

/// What a connection is for.
enum class role : uint8_t {
  /// The one connection of a file that writes. Creates the file if it does not
  /// exist.
  writer,
  /// Copies the log into the file while the writer goes on, and runs nothing
  /// else; see `log_copier`. Must be opened after the writer and closed before
  /// it.
  copier,
  /// Opened read-only; never checkpoints, also not when it is closed. Does not
  /// create a database. Must be opened after the writer and closed before it:
  /// otherwise SQLite would create a log for it that is never removed.
  reader,
};

/// How to open a connection. Ranges and defaults as in `options`, unless noted
/// otherwise.
struct connection_options {
  std::string path;
  enum role role = role::writer;
  std::string vfs;
  enum synchronous synchronous = synchronous::full;
  bool foreign_keys = true;
  std::chrono::nanoseconds busy_timeout{std::chrono::milliseconds{5}};
  uint64_t max_value_bytes = 64 * 1024 * 1024;
  uint64_t max_result_rows = 100'000;
  uint64_t max_result_bytes = 64 * 1024 * 1024;
  uint32_t statement_cache = 256;
  uint64_t cache_bytes = 16 * 1024 * 1024;
  /// The log's file is truncated to this size whenever it restarts
  /// (https://sqlite.org/pragma.html#pragma_journal_size_limit).
  uint64_t wal_limit_bytes = 32 * 1024 * 1024;
  /// Stops statements while it is true, as a deadline does; may be null.
  const std::atomic<bool>* stop = nullptr;
  /// The same, but only what may run no longer than a deadline, which then
  /// fails with `ec::closed`.
  const std::atomic<bool>* closing = nullptr;
  /// Returns whether a file is refused because other machines may access it.
  /// Tests pass their own function.
  bool (*is_network)(const std::string& path) = is_network_file_system;

  /// Returns the options of a connection for the options of a database.
  static connection_options from(const options& x, enum role what_for);

  /// Returns the limits of results.
  result_limits limits(on_limit beyond) const {
    return {max_result_rows, max_result_bytes, beyond};
  }
};

} // namespace onewriter::sqlite
