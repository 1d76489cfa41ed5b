#pragma once

#include "actors/index/chunk_source.hpp"
#include "actors/index/sticky_sql.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <string>

namespace onewriter {

/// What one chunk does to the indexes, and what came of it. Everything is set
/// on the writer's thread by each run anew, and read when the reply has come.
class index_step {
public:
  virtual ~index_step() = default;

  /// Does it.
  virtual void run(sticky_sql& db) = 0;

  /// How much it is; see `chunk_measures`.
  size_t units = 0;

  /// Indexes whose tables were written to, or are to be merged.
  std::set<int64_t> indexes;

  /// Whether there is more to merge: nothing should be written to these indexes
  /// before.
  bool unmerged = false;
};

/// Does nothing but merge.
class merge_step : public index_step {
public:
  explicit merge_step(std::set<int64_t> which) {
    indexes = std::move(which);
  }

  void run(sticky_sql&) override {
    // nop
  }
};

/// Makes a chunk that runs `step`, flushes what FTS5 has collected and merges a
/// little: at least one step, and more while the chunk has taken less than half
/// of `limit`. `name` is for the log.
chunk make_index_chunk(std::string name, std::shared_ptr<index_step> step,
                       std::chrono::nanoseconds limit);

} // namespace onewriter
