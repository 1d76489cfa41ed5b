#pragma once

#include "bench/workload/task.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace onewriter::bench {

/// A kind of load, with the sizes that it is measured in.
struct workload {
  std::string name;
  /// One line for people.
  std::string summary;
  struct variant {
    std::string name;
    task what;
  };
  std::vector<variant> variants;
};

/// Returns a task of clients with a number of writes on their way each.
task closed_loop(size_t clients, size_t outstanding);

/// Returns its name: `64 x 16`.
std::string size_of(size_t clients, size_t outstanding);

/// The parameters of workloads that can be chosen.
struct load_shape {
  /// Of `writes`: clients, and writes that each keeps on their way.
  std::vector<std::pair<size_t, size_t>> sizes{
    {1, 1}, {8, 1}, {64, 1}, {64, 16}, {512, 1}};
  /// Of `readers`: how many there are, and the clients beside them.
  std::vector<size_t> readers{1, 2, 8, 64};
  std::vector<std::pair<size_t, size_t>> reader_sizes{{64, 1}};
  /// Of the command `processes`.
  std::vector<std::pair<size_t, size_t>> process_sizes{
    {1, 1}, {2, 1}, {4, 1}, {8, 1}, {1, 64}, {2, 64}, {4, 64}, {8, 64}};
  /// Of `arrivals`: writes per second from all clients together.
  uint64_t arrivals_per_second = 20'000;
  /// Of all: bytes of text in a row.
  size_t payload_bytes = 100;
};

inline bool operator==(const load_shape& x, const load_shape& y) {
  auto members = [](const load_shape& of) {
    return std::tie(of.sizes, of.readers, of.reader_sizes, of.process_sizes,
                    of.arrivals_per_second, of.payload_bytes);
  };
  return members(x) == members(y);
}

/// Returns all workloads; `writes` is the first.
std::vector<workload> all_workloads(const load_shape& shape = {});

} // namespace onewriter::bench
