#pragma once

#include "actors/core/pending_write.hpp"

#include <atomic>
#include <cstddef>
#include <mutex>
#include <vector>

namespace onewriter {

/// Requests that are answered, on their way from the writer's thread back to
/// the database's, which uses them again. What they hold is destroyed there
/// too: freeing on one thread what another has allocated makes both of them
/// wait for the allocator's lock, once for each text of each request.
class pending_write_pool {
public:
  /// Whether `x` is worth the way: large requests are rare and would be kept
  /// from being freed.
  static bool takes(const pending_write& x) {
    return x.bytes <= most_bytes;
  }

  /// Empties `xs`. Called on the writer's thread, once a turn.
  void put(std::vector<pending_write_ptr>& xs);

  /// Returns a request without content. Called on the database's thread.
  pending_write_ptr take();

private:
  // Together they keep the memory that nobody uses below 16 MiB.
  static constexpr size_t most_bytes = 1'024;
  static constexpr size_t most_requests = 8'192;

  std::mutex mutex_;
  std::vector<pending_write_ptr> waiting_;
  // Whether something waits; spares the database's thread the lock.
  std::atomic<bool> any_{false};
  // Belongs to the database's thread.
  std::vector<pending_write_ptr> taken_;
};

} // namespace onewriter
