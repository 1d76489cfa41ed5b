#pragma once

#include "actors/core/pending_write.hpp"

#include <vector>

namespace onewriter {

/// Best-effort messages to run in one batch; the writer answers with
/// `best_effort_done`. One such batch is in flight at a time.
struct best_effort_batch {
  std::vector<best_effort> messages;
  std::vector<pending_write::clock::time_point> arrived;
};

} // namespace onewriter
