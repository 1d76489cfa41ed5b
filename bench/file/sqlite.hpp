#pragma once

#include "onewriter/options.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace onewriter::bench {

struct baseline_closer {
  void operator()(sqlite3* db) const noexcept;

  void operator()(sqlite3_stmt* stmt) const noexcept;
};

enum class access : uint8_t { read, write };

/// How long SQLite itself waits for a lock before it gives up.
inline constexpr int baseline_busy_timeout_ms = 5'000;

/// A connection of a baseline, straight over SQLite's C interface, with the
/// PRAGMAs that onewriter's writer has. For one thread at a time.
class baseline_connection {
public:
  /// Throws `std::runtime_error`. A connection that writes creates the file.
  baseline_connection(const options& opts, access what_for);

  void execute(const std::string& sql);

  /// False in a transaction.
  bool is_autocommit() const;

  sqlite3* get() const {
    return db_.get();
  }

private:
  std::unique_ptr<sqlite3, baseline_closer> db_;
};

/// Connections are closed with the last of the statements that need them.
using baseline_connection_ptr = std::shared_ptr<baseline_connection>;

/// A statement that is prepared once and runs many times. What fails throws
/// `std::runtime_error` with SQLite's words, and leaves the statement ready for
/// the next run.
class baseline_statement {
public:
  baseline_statement(baseline_connection& db, const std::string& sql);

  void bind(int index, uint64_t value);

  /// The text is not copied: it has to stay until the run is over.
  void bind(int index, std::string_view text);

  /// Returns whether there is a row; false ends the run.
  bool step();

  uint64_t integer(int column) const;

  /// Valid until the next step.
  std::string_view text(int column) const;

  /// Runs to the end.
  void run();

  /// Returns false where another connection holds the lock.
  bool run_unless_busy();

private:
  // Returns SQLite's result code: a row, done, or busy.
  int advance();

  std::unique_ptr<sqlite3_stmt, baseline_closer> stmt_;
};

} // namespace onewriter::bench
