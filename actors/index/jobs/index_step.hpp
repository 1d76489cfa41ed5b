#pragma once

#include "actors/index/chunk/chunk_source.hpp"
#include "actors/index/tables/sticky_sql.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <string>

namespace onewriter {

/// What one chunk does to the indexes, and its result. Each run sets everything
/// again on the writer's thread; read after the reply.
class index_step {
public:
  virtual ~index_step() = default;

  /// Does it.
  virtual void run(sticky_sql& db) = 0;

  /// How much it is; see `chunk_measures`.
  size_t units = 0;

  /// Indexes whose tables were written to, or have to be merged.
  std::set<int64_t> indexes;

  /// Whether there is more to merge: that should be done before further writes
  /// to these indexes.
  bool unmerged = false;
};

/// Only merges.
class merge_step : public index_step {
public:
  explicit merge_step(std::set<int64_t> which) {
    indexes = std::move(which);
  }

  void run(sticky_sql&) override {
    // nop
  }
};

/// Makes a chunk that runs `step`, flushes the rows that FTS5 has collected and
/// merges: at least one step, and more while the chunk has taken less than half
/// of `limit`. `name` is for the log.
chunk make_index_chunk(std::string name, std::shared_ptr<index_step> step,
                       std::chrono::nanoseconds limit);

} // namespace onewriter
