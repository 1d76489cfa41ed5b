#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace onewriter::test {

/// What a writer process does, roughly, when it is killed. The driver waits for
/// the event of the process, and then for a random delay.
enum class moment : uint8_t {
  /// It has just been started.
  opening,
  /// It has acknowledged a number of rows.
  writing,
  /// It has asked for a checkpoint.
  checkpoint,
  /// It has asked for a document to be indexed.
  indexing,
  /// It was asked to stop.
  stopping,
};

/// When to kill one process.
struct kill_order {
  moment when = moment::opening;
  /// Receipts to wait for before anything else.
  uint64_t receipts = 0;
  std::chrono::microseconds delay{0};
  /// Whether a reader of the process keeps the log from being restarted.
  bool pinned = false;
};

/// Returns when to kill `kills` processes, one after the other; the same for
/// the same seed.
std::vector<kill_order> make_kill_plan(uint64_t seed, size_t kills);

/// When and how to stop one process by SIGTERM.
struct stop_order {
  uint64_t receipts = 0;
  std::chrono::microseconds delay{0};
  /// Requests of each client that are on their way at the same time.
  uint32_t outstanding = 0;
  /// How long to drain. Short ones leave requests to refuse.
  std::chrono::milliseconds limit{0};
};

std::vector<stop_order> make_stop_plan(uint64_t seed, size_t stops);

} // namespace onewriter::test
