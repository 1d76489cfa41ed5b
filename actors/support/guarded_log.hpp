#pragma once

#include "onewriter/log.hpp"

#include <new>

namespace onewriter {

/// Passes the result of `line` to `log`; skipped if memory runs out, because no
/// code depends on the log. Any thread.
template <class F>
void log_guarded(const log_sink& log, log_level level, F line) {
  try {
    log(level, line());
  } catch (const std::bad_alloc&) {
    // The line is lost.
  }
}

} // namespace onewriter
