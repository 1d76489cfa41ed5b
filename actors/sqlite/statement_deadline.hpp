#pragma once

#include <atomic>
#include <chrono>
#include <optional>

struct sqlite3;

namespace onewriter::sqlite {

/// Stops statements that run beyond a deadline, from inside: SQLite asks it
/// every so many steps of its virtual machine
/// (https://sqlite.org/c3ref/progress_handler.html). An interrupt from another
/// thread could hit the wrong statement, or a closed connection. One opcode
/// (sorting a large result, a virtual table's own work) is not interrupted, so
/// a deadline may be overrun by that much.
class statement_deadline {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Opcodes between two looks at the clock. One takes 10 to 50 ns and a look
  /// 30 ns, so 1,000 cost less than 0.5 % and find a deadline within 50 us.
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

  /// Whether the deadline has passed, for what is made of many short
  /// statements.
  bool is_past() const {
    return deadline_ && time_point::clock::now() >= *deadline_;
  }

  /// Lets statements run whatever time it is. Returns what was set before.
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
