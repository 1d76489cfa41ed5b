#pragma once

#include <chrono>
#include <cstdint>

namespace onewriter {

/// How long a chunk of a job may occupy the writer: `most` where nobody else
/// writes, a quarter of it where somebody does.
///
/// Whoever writes waits for the chunk that shares a transaction with it. But
/// each chunk has costs that do not depend on its size, and short ones do less
/// in the same time. So they are short from the first write on until
/// `calm_chunks` chunks have passed without one. Belongs to one thread; has no
/// clock.
class chunk_limit {
public:
  /// As many as take some tens of milliseconds: somebody who writes every few
  /// milliseconds is expected to come again.
  static constexpr int calm_chunks = 64;

  explicit chunk_limit(std::chrono::nanoseconds most) : most_{most} {
    // nop
  }

  std::chrono::nanoseconds get() const {
    return chunks_to_calm_ > 0 ? most_ / 4 : most_;
  }

  /// To be called before each chunk. `answered` says how many requests of
  /// callers the writer has answered since the database was opened.
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
