#include "app/commands/shell/shell_signals.hpp"

#include <signal.h>

namespace onewriter::node {

shell_signals::shell_signals(interruption& stop, bool interactive)
  : stop_{stop} {
  stop_.intercept([this, interactive](int signal) {
    auto is_cancel = interactive && signal == SIGINT;
    (is_cancel ? cancelled_ : over_) = true;
    pipe_->wake();
    return is_cancel;
  });
}

shell_signals::~shell_signals() {
  stop_.intercept(nullptr);
}

} // namespace onewriter::node
