#pragma once

#include "actors/core/pending_write.hpp"

#include <atomic>
#include <cstddef>
#include <mutex>
#include <vector>

namespace onewriter {

/// Answered requests that return from the writer's thread to the database's
/// thread, which reuses them. Their content is destroyed there too: freeing
/// memory of another thread makes both threads wait for the allocator's lock,
/// once for each text of each request.
class pending_write_pool {
public:
  /// Returns whether `x` should be reused: large requests are rare and would
  /// keep their memory allocated.
  static bool takes(const pending_write& x) {
    return x.bytes <= most_bytes;
  }

  /// Empties `xs`. Called on the writer's thread, once a turn.
  void put(std::vector<pending_write_ptr>& xs);

  /// Returns a request without content. Called on the database's thread.
  pending_write_ptr take();

private:
  // Together they keep unused memory below 16 MiB.
  static constexpr size_t most_bytes = 1'024;
  static constexpr size_t most_requests = 8'192;

  std::mutex mutex_;
  std::vector<pending_write_ptr> waiting_;
  // Whether the pool has requests; saves the database's thread the lock.
  std::atomic<bool> any_{false};
  // Belongs to the database's thread.
  std::vector<pending_write_ptr> taken_;
};

} // namespace onewriter
