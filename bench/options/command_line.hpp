#pragma once

#include "bench/options/bench_options.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace onewriter::bench {

enum class command : uint8_t { workloads, targets, results, processes };

/// What a command line asks for.
struct command_line {
  enum command command = command::workloads;
  /// Names of workloads, or `all`; empty for the default.
  std::vector<std::string> workloads;
  bench_options options;
  /// What --help prints, but for the backends; empty where it was not asked
  /// for. Nothing else is set then.
  std::string help;
};

/// Reads the words behind the program's name. Options of groups, such as
/// `--onewriter.readers=2`, and those of CAF itself are only collected. Throws
/// `std::invalid_argument` with a text for people.
command_line read_command_line(const std::vector<std::string>& words);

} // namespace onewriter::bench
