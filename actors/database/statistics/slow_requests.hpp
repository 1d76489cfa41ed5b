#pragma once

#include "actors/core/database_core.hpp"
#include "onewriter/statistics.hpp"

#include <cstddef>
#include <vector>

namespace onewriter {

/// The slowest requests that were reported as slow. Used by one actor.
class slow_requests {
public:
  /// Enough for a screen, and few enough to travel with all statistics.
  static constexpr size_t max_kept = 8;

  /// Adds `what`, which was reported `unix_ms` after 1970, unless as many
  /// others took longer.
  void note(const slow_statement_seen& what, int64_t unix_ms);

  /// The slowest first.
  const std::vector<slow_request>& slowest() const {
    return kept_;
  }

private:
  std::vector<slow_request> kept_;
};

} // namespace onewriter
