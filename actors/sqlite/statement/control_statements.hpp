#pragma once

#include "actors/sqlite/base/handles.hpp"
#include "onewriter/failure.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace onewriter::sqlite {

/// Statements that control transactions.
enum class control : uint8_t {
  begin_immediate,
  begin_read,
  take_snapshot,
  commit,
  rollback,
  savepoint,
  release,
  rollback_to,
};

/// Prepares each statement that controls transactions once, for the life of a
/// connection.
class control_statements {
public:
  [[nodiscard]] caf::error prepare(sqlite3* db);

  /// Runs a statement to its end. Returns SQLite's extended result code, 0 if
  /// everything went well.
  int run(control what) noexcept;

  void clear();

private:
  static constexpr size_t count = static_cast<size_t>(control::rollback_to) + 1;

  std::array<statement_ptr, count> statements_;
};

} // namespace onewriter::sqlite
