#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace onewriter {

/// Collects durations and computes their quantiles with a relative error of
/// less than 1 %, from 1 ns to 1 h; longer durations count as 1 h, negative
/// ones as zero. Always takes 19 KiB.
///
/// One thread at a time may change it (`record`, `add`, `clear`), other threads
/// may read it at the same time: they see the state of some moment during the
/// call, with some of the records made in that time.
class histogram {
public:
  static constexpr auto longest = std::chrono::hours{1};

  histogram() = default;

  // Counters that another thread reads stay where they are.
  histogram(const histogram&) = delete;

  histogram& operator=(const histogram&) = delete;

  // -- the recording thread ---------------------------------------------------

  void record(std::chrono::nanoseconds duration, uint64_t times = 1);

  /// Adds the records of `other`, which another thread may be changing.
  void add(const histogram& other);

  /// Removes all records.
  void clear();

  // -- any thread -------------------------------------------------------------

  uint64_t count() const;

  /// Returns the least duration that at least the fraction `q` of all records
  /// do not exceed: 0 means the shortest, 1 the longest; values outside count
  /// as the nearest bound. Zero if nothing was recorded.
  std::chrono::nanoseconds quantile(double q) const;

  /// Returns the longest recorded duration, exactly; zero if there is none.
  std::chrono::nanoseconds max() const;

private:
  // Each power of two has 64 buckets, so that the middle of a bucket is off by
  // less than 1/128 of what is in it. Below 128 ns each value has its own.
  static constexpr size_t bucket_bits = 6;

  // One hour has 42 binary digits.
  static constexpr size_t bucket_count = (42 - bucket_bits + 1) << bucket_bits;

  std::array<std::atomic<uint64_t>, bucket_count> buckets_{};
  std::atomic<uint64_t> count_{0};
  std::atomic<uint64_t> max_{0};

  static size_t bucket_of(uint64_t value);

  static uint64_t middle_of(size_t bucket);
};

} // namespace onewriter
