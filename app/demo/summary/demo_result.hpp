#pragma once

#include "app/demo/checks/checks.hpp"
#include "app/demo/setup/demo_options.hpp"
#include "app/demo/swarm/expected_state.hpp"
#include "onewriter/maintenance.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace onewriter::node {

/// All results of a run of the demo.
struct demo_result {
  demo_options asked;
  /// The tree that was stored.
  std::string root;
  /// What was opened.
  database_info database;
  expected_state told;
  node::checks checks;
  /// Number of the full-text index; 0 if there is none.
  int64_t text_index = 0;
  /// From the first peer to the last reply.
  std::chrono::nanoseconds running_time{0};
  std::chrono::nanoseconds busy_time{0};
  std::chrono::nanoseconds checking_time{0};
  uint64_t database_bytes = 0;
  uint64_t peak_memory_bytes = 0;
  /// Whether it was stopped by request.
  bool stopped = false;

  bool ok() const {
    return all_hold(checks);
  }
};

/// Returns how long `what` took: best-effort updates as the writer saw it, all
/// else as the actors did.
[[nodiscard]] latency latency_of(const demo_result& x, activity what);

/// By how much p99 of connects may grow while texts are indexed.
inline constexpr double ratio_target = 4;

/// Returns by how much it has grown; nothing where too little was measured.
[[nodiscard]] std::optional<double> busy_ratio(const scores& told);

} // namespace onewriter::node
