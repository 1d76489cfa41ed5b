// What onewriter-bench can be asked for:
//   writes      one row a write, as many clients and writes as --sizes says
//   statements  ten rows a write, each with a statement of its own
//   returning   one row a write, whose rowid comes back with the receipt
//   arrivals    one row a write, --rate of them a second, answered or not
//   readers     one row a write, beside 1 to 64 readers of single rows
//   flood       one row a write, beside best-effort messages that are dropped
//   greedy      one modest client, beside a sender with 1,000 writes waiting
//   document    one row a write, beside a document of 200 MB being indexed
//   mix         one row a write, beside readers, progress notes and a document
//   restarts    one row a write, while the writer fails every 100 ms

#include "bench/workloads.hpp"

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
                  "one row a write, as many clients and writes on their way as "
                  "--sizes says",
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
          "ten rows a write, each with a statement of its own, all or none",
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
          "one row a write, --rate of them a second, whether answered or not",
          {{with_separators(shape.arrivals_per_second) + "/s, 64", what}}};
}

workload readers() {
  workload result{
    "readers", "one row a write, beside 1 to 64 readers of single rows", {}};
  for (size_t count : {1, 2, 8, 64}) {
    auto what = usual();
    what.readers = count;
    result.variants.push_back(
      {format_count(count, "reader") + ", 64 x 1", what});
  }
  return result;
}

workload beside(std::string name, std::string summary, std::string variant,
                company who, task what) {
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
    readers(),
    beside("flood",
           "one row a write, beside best-effort messages that are dropped",
           "flood, 64 x 1", company::flood, usual()),
    beside("greedy",
           "one modest client, beside a sender with 1,000 writes on their way",
           "greedy, 1 x 1", company::greedy, closed_loop(1, 1)),
    beside("document",
           "one row a write, beside a document of 200 MB being indexed",
           "document, 64 x 1", company::document, usual()),
    beside("mix",
           "one row a write, beside readers, progress notes and a document",
           "mix, 64 x 1", company::mix, mixed),
    beside("restarts", "one row a write, while the writer fails every 100 ms",
           "restarts, 64 x 1", company::restarts, usual()),
  };
  for (auto& load : result)
    for (auto& variant : load.variants)
      variant.what.rows.payload_bytes = shape.payload_bytes;
  return result;
}

} // namespace onewriter::bench
