#pragma once

#include "onewriter/ec.hpp"
#include "tests/model/plan.hpp"

namespace onewriter::test {

/// What may have an influence on the replies of one moment.
struct circumstances {
  bool tight_queue = false;
  bool bad_disk = false;
  /// Whether a close was requested.
  bool closing = false;
  /// Whether an index job was cancelled.
  bool cancelled = false;
};

/// Whether the contract allows the reply `code` to a step, where `ec::none`
/// stands for success.
bool is_legal(const step& x, ec code, const circumstances& now);

} // namespace onewriter::test
