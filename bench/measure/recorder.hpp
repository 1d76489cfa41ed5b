#pragma once

#include "bench/measure/measurement.hpp"
#include "bench/workload/task.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace onewriter::bench {

/// Records the replies to the clients of one run: for the figures, and for the
/// comparison with the file afterwards.
///
/// `start` comes first, then the clients note from any thread, each client from
/// one at a time, then `finish` and `verify`.
class recorder {
public:
  using clock = std::chrono::steady_clock;

  explicit recorder(const task& what);

  /// The clock starts here.
  void start();

  /// When clients stop sending.
  clock::time_point end() const {
    return clock::time_point{
      clock::duration{end_.load(std::memory_order_relaxed)}};
  }

  /// Makes the clients stop now; from any thread.
  void stop() {
    end_ = clock::now().time_since_epoch().count();
  }

  // -- clients ------------------------------------------------------------------

  /// The write `number` of `client`, which both count from 0, was acknowledged
  /// just now. Returns the time, so that the caller need not ask again.
  clock::time_point acknowledged(size_t client, uint64_t number,
                                 clock::time_point sent) {
    return acknowledged(client, number, 1, sent);
  }

  /// The same for the `count` writes from `first` on, which share one reply.
  clock::time_point acknowledged(size_t client, uint64_t first, uint64_t count,
                                 clock::time_point sent);

  /// The same for a client of another process, which noted the time `now`.
  void acknowledged(size_t client, uint64_t first, uint64_t count,
                    clock::time_point sent, clock::time_point now);

  /// What is told of each acknowledgement, before it is recorded.
  using observer
    = std::function<void(uint64_t first, uint64_t count, clock::time_point sent,
                         clock::time_point now)>;

  /// To be called before `start`. The clients call `to`, on their threads.
  void report(observer to) {
    observer_ = std::move(to);
  }

  /// A write was answered with an error.
  void refused() {
    refused_.fetch_add(1, std::memory_order_relaxed);
  }

  /// A reader has its row.
  clock::time_point read(size_t reader, clock::time_point sent);

  /// Takes the number of commits from the thread that counts them.
  void commits(uint64_t count) {
    commits_ = count;
  }

  /// Writes that were acknowledged so far; for progress.
  uint64_t writes_so_far() const;

  // -- afterwards -----------------------------------------------------------------

  measurement finish() const;

  /// Throws `std::runtime_error` where the file does not hold exactly the rows
  /// that were acknowledged, each once, and all rows that existed before.
  void verify(const std::string& path) const;

private:
  // Clients share shards, so that thousands of them take no more memory than
  // the processors need not to wait for each other.
  static constexpr size_t shard_count = 4;

  struct alignas(64) shard {
    std::mutex mutex;
    std::vector<std::unique_ptr<histogram>> writes;
    histogram waits;
    histogram reads;
    std::atomic<uint64_t> write_count{0};
    clock::time_point last;
  };

  uint64_t fewest_writes() const;

  size_t slice_of(clock::time_point when) const;

  size_t rows_per_write_;
  std::chrono::nanoseconds length_;
  std::chrono::nanoseconds slice_length_;
  uint64_t rows_before_;
  clock::time_point start_;
  std::atomic<clock::rep> end_{0};
  std::vector<std::unique_ptr<shard>> shards_;
  // By client, then by number.
  std::vector<std::vector<bool>> acknowledged_;
  std::atomic<uint64_t> refused_{0};
  uint64_t commits_ = 0;
  observer observer_;
};

} // namespace onewriter::bench
