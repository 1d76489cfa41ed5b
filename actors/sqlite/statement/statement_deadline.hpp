#pragma once

#include <atomic>
#include <chrono>
#include <optional>

struct sqlite3;

namespace onewriter::sqlite {

/// Stops statements that run beyond a deadline, or beyond the closing of the
/// database, from inside: SQLite calls it every `interval` steps of its virtual
/// machine
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

  /// Has to outlive `db`. Statements are also stopped while `stop` is true,
  /// those with a deadline also while `closing` is. Both may be null, and
  /// otherwise have to outlive `db`.
  void install(sqlite3* db, const std::atomic<bool>* stop = nullptr,
               const std::atomic<bool>* closing = nullptr);

  /// Without `heeds_closing`, only the deadline stops what runs.
  void set(std::optional<time_point> deadline, bool heeds_closing = true) {
    deadline_ = deadline;
    heeds_closing_ = heeds_closing;
  }

  /// Returns whether statements are stopped because of the closing.
  bool is_closed() const {
    return deadline_ && heeds_closing_ && closing_ != nullptr && *closing_;
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
  bool heeds_closing_ = true;
  const std::atomic<bool>* stop_ = nullptr;
  const std::atomic<bool>* closing_ = nullptr;
  bool paused_ = false;
};

} // namespace onewriter::sqlite
