#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace onewriter::node {

/// What a run of the demo is asked for.
struct demo_options {
  /// The tree to store; empty means the default.
  std::string path;
  /// The database file; empty means a fresh one in a new temporary folder.
  std::string db;
  /// How long to run; zero means until every file is stored and indexed.
  std::chrono::nanoseconds duration{0};
  /// Peers that connect again and again, 1 to 10,000.
  uint32_t peers = 64;
  /// How often the writer fails; zero means never.
  std::chrono::nanoseconds chaos{0};
  /// Whether to print the summary only.
  bool quiet = false;
  /// Whether to print only one JSON object, at the end.
  bool json = false;
};

} // namespace onewriter::node
