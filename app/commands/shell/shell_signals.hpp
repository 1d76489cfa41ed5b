#pragma once

#include "app/commands/interruption.hpp"
#include "app/commands/shell/wake_pipe.hpp"

#include <atomic>
#include <memory>

namespace onewriter::node {

/// What Ctrl-C means in a shell: it cancels a line or a statement, and does not
/// end the program. Other signals do.
class shell_signals {
public:
  /// `interactive` where a person types. Otherwise Ctrl-C ends the program.
  shell_signals(interruption& stop, bool interactive);

  shell_signals(const shell_signals&) = delete;

  shell_signals& operator=(const shell_signals&) = delete;

  ~shell_signals();

  /// What is awake whenever something was cancelled, and after `wake`.
  const std::shared_ptr<wake_pipe>& pipe() const {
    return pipe_;
  }

  /// Whether something was cancelled since `begin`, or the program is to end.
  [[nodiscard]] bool is_cancelled() const {
    return cancelled_ || is_over();
  }

  [[nodiscard]] bool is_over() const {
    return over_;
  }

  /// Forgets what was cancelled, before the next line is read.
  void begin() {
    cancelled_ = false;
  }

private:
  interruption& stop_;
  std::shared_ptr<wake_pipe> pipe_ = std::make_shared<wake_pipe>();
  std::atomic<bool> cancelled_{false};
  std::atomic<bool> over_{false};
};

} // namespace onewriter::node
