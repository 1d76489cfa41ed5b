#pragma once

#include "actors/core/pending_write.hpp"

#include <chrono>

namespace onewriter {

/// The outcome of a request: an error, or a receipt and the commit.
struct outcome {
  pending_write_ptr what;
  caf::error error;
  write_receipt receipt;
  /// How long it occupied the writer.
  std::chrono::nanoseconds duration{0};
  /// Whether it needs its own transaction, with all pages in memory.
  bool alone = false;
};

} // namespace onewriter
