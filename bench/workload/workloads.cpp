// The workloads of onewriter-bench:
//   writes      one row a write, clients and writes in flight set by --sizes
//   statements  ten rows a write, one statement per row
//   returning   one row a write, whose rowid comes back with the receipt
//   arrivals    one row a write, --rate a second, without waiting for replies
//   readers     one row a write, beside --readers readers of single rows
//   flood       one row a write, beside best-effort messages that are dropped
//   greedy      one client, one write at a time, beside a sender with 1,000
//   document    one row a write, beside a document of 200 MB being indexed
//   mix         one row a write, beside readers, progress notes and a document
//   restarts    one row a write, while the writer fails every 100 ms

#include "bench/workload/workloads.hpp"

#include "actors/console/format.hpp"

namespace onewriter::bench {

task closed_loop(size_t clients, size_t outstanding) {
  task result;
  result.clients = clients;
  result.outstanding = outstanding;
  return result;
}

std::string size_of(size_t clients, size_t outstanding) {
  return std::to_string(clients) + " x " + std::to_string(outstanding);
}

namespace {

workload writes(const load_shape& shape) {
  workload result{"writes",
                  "one row a write; --sizes sets the clients and their writes "
                  "in flight",
                  {}};
  for (auto [clients, outstanding] : shape.sizes)
    result.variants.push_back(
      {size_of(clients, outstanding), closed_loop(clients, outstanding)});
  return result;
}

// The usual load of a workload that is about something else.
task usual() {
  return closed_loop(64, 1);
}

workload statements() {
  auto what = usual();
  what.rows.rows_per_write = 10;
  return {"statements",
          "ten rows a write, one statement per row, all or none",
          {{"10 rows, 64 x 1", what}}};
}

workload returning() {
  auto what = usual();
  what.rows.returning = true;
  return {"returning",
          "one row a write, whose rowid comes back with the receipt",
          {{"RETURNING, 64 x 1", what}}};
}

workload arrivals(const load_shape& shape) {
  auto what = usual();
  what.arrivals_per_second = static_cast<double>(shape.arrivals_per_second);
  return {"arrivals",
          "one row a write, --rate writes a second, not waiting for replies",
          {{with_separators(shape.arrivals_per_second) + "/s, 64", what}}};
}

workload readers(const load_shape& shape) {
  workload result{
    "readers", "one row a write, beside --readers readers of single rows", {}};
  for (auto [clients, outstanding] : shape.reader_sizes)
    for (auto count : shape.readers) {
      auto what = closed_loop(clients, outstanding);
      what.readers = count;
      result.variants.push_back(
        {format_count(count, "reader") + ", " + size_of(clients, outstanding),
         what});
    }
  return result;
}

workload beside(std::string name, std::string summary, std::string variant,
                background_load who, task what) {
  what.beside = who;
  return {std::move(name), std::move(summary), {{std::move(variant), what}}};
}

} // namespace

std::vector<workload> all_workloads(const load_shape& shape) {
  auto mixed = usual();
  mixed.readers = 4;
  std::vector<workload> result{
    writes(shape),
    statements(),
    returning(),
    arrivals(shape),
    readers(shape),
    beside("flood",
           "one row a write, beside best-effort messages that are dropped",
           "flood, 64 x 1", background_load::flood, usual()),
    beside("greedy",
           "one client with one write at a time, beside a sender with 1,000",
           "greedy, 1 x 1", background_load::greedy, closed_loop(1, 1)),
    beside("document",
           "one row a write, beside a document of 200 MB being indexed",
           "document, 64 x 1", background_load::document, usual()),
    beside("mix",
           "one row a write, beside readers, progress notes and a document",
           "mix, 64 x 1", background_load::mix, mixed),
    beside("restarts", "one row a write, while the writer fails every 100 ms",
           "restarts, 64 x 1", background_load::restarts, usual()),
  };
  for (auto& load : result)
    for (auto& variant : load.variants)
      variant.what.rows.payload_bytes = shape.payload_bytes;
  return result;
}

} // namespace onewriter::bench
