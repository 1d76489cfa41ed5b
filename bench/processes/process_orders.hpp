#pragma once

#include "bench/workload/task.hpp"
#include "onewriter/options.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace onewriter::bench {

/// What a process of a measurement does.
enum class process_role : uint8_t {
  /// Makes the schema, and has the file open until it is told to end.
  owner,
  /// Opens or joins the database with `onewriter::open`, and writes.
  joined,
  /// Opens the file itself, and writes.
  contended,
};

/// What a process of a measurement is told on its command line.
struct process_orders {
  process_role role = process_role::joined;
  std::string path;
  enum synchronous synchronous = synchronous::full;
  /// Its number among the clients.
  uint64_t client = 0;
  /// Clients, writes on their way, length and bytes of a row count.
  task what;
  /// Options of the database and of CAF.
  std::vector<std::string> passed_on;
};

std::vector<std::string> to_words(const process_orders& x);

/// Returns nothing where `words`, without the program's name, are not such
/// orders.
std::optional<process_orders>
parse_process_orders(const std::vector<std::string>& words);

/// An acknowledgement as processes report it: raw, because both are the same
/// program on the same machine. Times are those of the steady clock, which all
/// processes share.
struct reported_write {
  uint64_t first = 0;
  /// Zero: no write was acknowledged, but `first` attempts were refused.
  uint64_t count = 0;
  int64_t sent_ns = 0;
  int64_t now_ns = 0;
};

} // namespace onewriter::bench
