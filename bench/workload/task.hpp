#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <tuple>

namespace onewriter::bench {

/// The shape of the rows of a write.
struct row_shape {
  /// Bytes of text in each row.
  size_t payload_bytes = 100;
  /// Rows of one write, each inserted by a statement of its own.
  size_t rows_per_write = 1;
  /// Indexes on the table, each on 16 characters that differ from row to row.
  size_t indexes = 0;
  /// Whether each statement returns the rowid that it got.
  bool returning = false;
};

inline bool operator==(const row_shape& x, const row_shape& y) {
  return std::tie(x.payload_bytes, x.rows_per_write, x.indexes, x.returning)
         == std::tie(y.payload_bytes, y.rows_per_write, y.indexes, y.returning);
}

/// What onewriter does beside the writes that are measured.
enum class background_load : uint8_t {
  nothing,
  /// Best-effort messages, faster than they can be written.
  flood,
  /// One sender with 1,000 writes on their way at all times.
  greedy,
  /// Documents are indexed, one after the other.
  document,
  /// The writer fails every 100 ms.
  restarts,
  /// Queries, best-effort messages and a document, as in the node's demo.
  mix,
};

/// What one measurement does.
struct task {
  size_t clients = 1;
  /// Writes that each client keeps on their way.
  size_t outstanding = 1;
  /// Writes per second that arrive from all clients together, whether the
  /// earlier ones have been answered or not; zero means that each client sends
  /// as soon as it has less than `outstanding` on their way.
  double arrivals_per_second = 0;
  row_shape rows;
  /// Concurrent readers, each of one row by its rowid at a time.
  size_t readers = 0;
  background_load beside = background_load::nothing;
  /// Size of a document that the background load indexes.
  uint64_t document_bytes = 200'000'000;
  /// Rows that are in the file before the run, not written by clients.
  uint64_t rows_before = 0;
  /// How long new writes are sent; what is on its way then is waited for and
  /// counts.
  std::chrono::nanoseconds length{std::chrono::seconds{1}};
  /// The seed of all random numbers.
  uint64_t seed = 1;
};

inline bool operator==(const task& x, const task& y) {
  auto members = [](const task& of) {
    return std::tie(of.clients, of.outstanding, of.arrivals_per_second, of.rows,
                    of.readers, of.beside, of.document_bytes, of.rows_before,
                    of.length, of.seed);
  };
  return members(x) == members(y);
}

} // namespace onewriter::bench
