#include "actors/policy/histogram.hpp"

#include <algorithm>
#include <cmath>

namespace onewriter {

namespace {

using std::chrono::nanoseconds;

uint64_t load(const std::atomic<uint64_t>& x) {
  return x.load(std::memory_order_relaxed);
}

// No other thread writes, so that a plain store is sufficient, which is several
// times faster than an atomic addition.
void store(std::atomic<uint64_t>& x, uint64_t value) {
  x.store(value, std::memory_order_relaxed);
}

void increase(std::atomic<uint64_t>& x, uint64_t by) {
  store(x, load(x) + by);
}

// Returns the number of binary digits of `value`, which is not zero.
size_t digits(uint64_t value) {
  return 64 - static_cast<size_t>(__builtin_clzll(value));
}

uint64_t clamped(nanoseconds x) {
  auto upper = nanoseconds{histogram::longest};
  return static_cast<uint64_t>(std::clamp(x, nanoseconds{0}, upper).count());
}

nanoseconds duration_of(uint64_t value) {
  return nanoseconds{static_cast<nanoseconds::rep>(value)};
}

} // namespace

void histogram::record(nanoseconds duration, uint64_t times) {
  auto value = clamped(duration);
  increase(buckets_[bucket_of(value)], times);
  increase(count_, times);
  if (value > load(max_))
    store(max_, value);
}

void histogram::add(const histogram& other) {
  uint64_t added = 0;
  for (size_t bucket = 0; bucket < bucket_count; ++bucket) {
    auto more = load(other.buckets_[bucket]);
    increase(buckets_[bucket], more);
    added += more;
  }
  increase(count_, added);
  store(max_, std::max(load(max_), load(other.max_)));
}

void histogram::clear() {
  for (auto& bucket : buckets_)
    store(bucket, 0);
  store(count_, 0);
  store(max_, 0);
}

uint64_t histogram::count() const {
  return load(count_);
}

nanoseconds histogram::quantile(double q) const {
  auto fraction = q > 0 ? std::min(q, 1.0) : 0.0;
  auto exact = std::ceil(fraction * static_cast<double>(count()));
  auto rank = std::max(static_cast<uint64_t>(exact), uint64_t{1});
  uint64_t seen = 0;
  for (size_t bucket = 0; bucket < bucket_count; ++bucket) {
    seen += load(buckets_[bucket]);
    if (seen >= rank)
      return std::min(duration_of(middle_of(bucket)), max());
  }
  return max();
}

nanoseconds histogram::max() const {
  return duration_of(load(max_));
}

// Value and bucket are related by the number of digits that are cut off: as
// many as leave `bucket_bits + 1`, of which the first is always 1. So without
// cut the bucket is the value, and each digit cut moves on by 64 buckets.
size_t histogram::bucket_of(uint64_t value) {
  auto kept = bucket_bits + 1;
  auto cut = std::max(digits(value | 1), kept) - kept;
  return (cut << bucket_bits) + static_cast<size_t>(value >> cut);
}

uint64_t histogram::middle_of(size_t bucket) {
  auto cut = std::max(bucket >> bucket_bits, size_t{1}) - 1;
  auto lowest = uint64_t{bucket - (cut << bucket_bits)} << cut;
  auto width = uint64_t{1} << cut;
  return lowest + width / 2;
}

} // namespace onewriter
