// The axes on which onewriter's scaling is measured, with 64 clients of one
// write on its way each, except on the first axis:
//   clients   1 to 4,096
//   size      rows that are in the file before, without and with an index
//   row       16 B to 1 MB
//   write     1 to 1,000 rows, each with a statement of its own
//   indexes   0 to 8, on text in no order
#include "actors/console/format.hpp"
#include "bench/file/prefilled_file.hpp"
#include "bench/plan/scaling.hpp"
#include "bench/workload/workloads.hpp"

namespace onewriter::bench {

namespace {

task usual(const bench_options& asked) {
  auto result = closed_loop(64, 1);
  result.length = asked.length();
  result.seed = asked.seed;
  return result;
}

scaling_axis clients(const bench_options& asked) {
  scaling_axis result{"clients", "Number of clients", "clients", {}, "queue",
                      {}};
  for (size_t count : {1, 8, 64, 512, 4'096}) {
    auto what = usual(asked);
    what.clients = count;
    result.places.push_back({with_separators(count), what});
  }
  result.advice = {
    "64",
    "4,096",
    "From 64 to 4,096 clients",
    false,
    "more clients cost throughput, so let some of them share one sender",
    "clients need not be limited, but each waits for a turn of all other "
    "clients",
    "more clients make larger batches, so they need not be limited, but each "
    "waits for more other clients"};
  return result;
}

// For the file, a copy of it for each run, and the sorting of an index.
bool has_room(uint64_t bytes, uint64_t free_bytes) {
  return free_bytes / 4 >= bytes;
}

scaling_axis size(const bench_options& asked, uint64_t free_bytes,
                  size_t indexes) {
  scaling_axis result{indexes > 0 ? "size-indexed" : "size",
                      indexes > 0 ? "Size of the database, one index"
                                  : "Size of the database, no index",
                      "file before the run",
                      {},
                      "raw-1000",
                      {}};
  for (uint64_t gb : {0, 1, 10}) {
    auto bytes = gb * 1'000'000'000;
    if (static_cast<double>(gb) > asked.max_database_gb
        || !has_room(bytes, free_bytes))
      continue;
    auto what = usual(asked);
    what.rows.indexes = indexes;
    what.rows_before = rows_in(bytes, what.rows);
    auto& place = result.places.emplace_back(
      scaling_axis::place{gb == 0 ? "empty" : format_bytes(bytes), what});
    if (gb > 1)
      place.most_rounds = 1;
  }
  auto last = result.places.back().x;
  result.advice
    = {"empty",
       last,
       "From an empty file to one of " + last,
       false,
       "keep data that is written often in a file of its own, apart from data "
       "that is only kept",
       "a file may grow, so data need not be spread over several",
       "a file may grow, so data need not be spread over several"};
  return result;
}

scaling_axis row_size(const bench_options& asked) {
  scaling_axis result{"row", "Size of a row", "text in a row", {}, "queue", {}};
  constexpr std::pair<const char*, size_t> sizes[]
    = {{"16 B", 16},      {"100 B", 100},      {"1 kB", 1'000},
       {"10 kB", 10'000}, {"100 kB", 100'000}, {"1 MB", 1'000'000}};
  for (auto [name, bytes] : sizes) {
    auto what = usual(asked);
    what.rows.payload_bytes = bytes;
    result.places.push_back({name, what});
  }
  result.advice = {"100 B",
                   "100 kB",
                   "From rows of 100 B to rows of 100 kB",
                   true,
                   "keep rows small, large ones cost more than their bytes",
                   "bytes are what costs, however they are cut into rows",
                   "a row costs more than its bytes, so do not cut what "
                   "belongs together into many small ones"};
  return result;
}

scaling_axis rows_per_write(const bench_options& asked) {
  scaling_axis result{"write", "Rows in a write", "rows in a write",
                      {},      "raw-1000",        {}};
  for (size_t count : {1, 10, 100, 1'000}) {
    auto what = usual(asked);
    what.rows.rows_per_write = count;
    result.places.push_back({with_separators(count), what});
  }
  result.advice
    = {"1",
       "100",
       "From 1 row to 100 rows in a write",
       false,
       "keep writes small, batches are made of them anyway",
       "rows need not be collected into larger writes, which only make their "
       "callers wait",
       "what belongs together is best sent as one write, where the caller can "
       "wait for it"};
  return result;
}

scaling_axis indexes(const bench_options& asked) {
  scaling_axis result{"indexes", "Number of indexes", "indexes",
                      {},        "raw-1000",          {}};
  for (size_t count : {0, 1, 2, 4, 8}) {
    auto what = usual(asked);
    what.rows.indexes = count;
    result.places.push_back({with_separators(count), what});
  }
  result.advice = {"0",
                   "8",
                   "From no index to 8 indexes on text in no order",
                   false,
                   "every index costs each write, so keep only those that "
                   "queries need",
                   "indexes cost little beside the commit",
                   "indexes cost little beside the commit"};
  return result;
}

} // namespace

std::vector<scaling_axis> scaling_axes(const bench_options& asked,
                                       uint64_t free_bytes) {
  return {
    clients(asked),  size(asked, free_bytes, 0), size(asked, free_bytes, 1),
    row_size(asked), rows_per_write(asked),      indexes(asked)};
}

} // namespace onewriter::bench
