#pragma once

#include <chrono>
#include <cstdint>

namespace onewriter {

/// How long a chunk of a job may occupy the writer: `most` while there are no
/// other writes, else a quarter of it.
///
/// A write waits for the chunk that shares its transaction. But each chunk has
/// fixed costs, so short chunks do less work in the same time. Therefore chunks
/// are short from the first write on until `calm_chunks` chunks have passed
/// without one. Belongs to one thread; has no clock.
class chunk_limit {
public:
  /// As many as take some tens of milliseconds, so that a caller that writes
  /// every few milliseconds still counts.
  static constexpr int calm_chunks = 64;

  explicit chunk_limit(std::chrono::nanoseconds most) : most_{most} {
    // nop
  }

  std::chrono::nanoseconds get() const {
    return chunks_to_calm_ > 0 ? most_ / 4 : most_;
  }

  /// Must be called before each chunk. `answered` is the number of callers'
  /// requests that the writer has answered since the database was opened.
  void begin_chunk(uint64_t answered) {
    if (answered != answered_)
      chunks_to_calm_ = calm_chunks;
    else if (chunks_to_calm_ > 0)
      --chunks_to_calm_;
    answered_ = answered;
  }

private:
  std::chrono::nanoseconds most_;
  uint64_t answered_ = 0;
  int chunks_to_calm_ = 0;
};

} // namespace onewriter
