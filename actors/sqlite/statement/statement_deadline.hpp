#pragma once

#include <atomic>
#include <chrono>
#include <optional>

struct sqlite3;

namespace onewriter::sqlite {

/// Stops statements that run beyond a deadline, from inside: SQLite calls it
/// every `interval` steps of its virtual machine
/// (https://sqlite.org/c3ref/progress_handler.html). An interrupt from another
/// thread could hit the wrong statement, or a closed connection. One opcode
/// (sorting a large result, a virtual table's own work) is not interrupted, so
/// a deadline may be exceeded by that time.
class statement_deadline {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Opcodes between two checks of the clock. One opcode takes 10 to 50 ns and
  /// a check 30 ns, so checking every 1,000 costs less than 0.5 % and detects a
  /// deadline within 50 us.
  static constexpr int interval = 1'000;

  statement_deadline() = default;

  statement_deadline(const statement_deadline&) = delete;

  statement_deadline& operator=(const statement_deadline&) = delete;

  /// Has to outlive `db`. Statements are also stopped while `stop`, which may
  /// be null and otherwise has to outlive `db`, is true.
  void install(sqlite3* db, const std::atomic<bool>* stop = nullptr);

  void set(std::optional<time_point> deadline) {
    deadline_ = deadline;
  }

  /// Returns whether the deadline has passed, for requests with many short
  /// statements.
  bool is_past() const {
    return deadline_ && time_point::clock::now() >= *deadline_;
  }

  /// Lets statements run without a deadline. Returns the previous setting.
  bool pause(bool on) {
    auto before = paused_;
    paused_ = on;
    return before;
  }

private:
  static int is_over(void* self);

  std::optional<time_point> deadline_;
  const std::atomic<bool>* stop_ = nullptr;
  bool paused_ = false;
};

} // namespace onewriter::sqlite
