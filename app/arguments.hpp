#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace onewriter::node {

/// What `onewriter demo` was asked for.
struct demo_arguments {
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

/// What the command line asks for.
enum class command : uint8_t { demo, help, version };

/// A command line, taken apart.
struct arguments {
  enum command command = command::help;
  demo_arguments demo;
  /// Options of CAF and of the database (`--onewriter.synchronous=normal`,
  /// `--config-file=FILE`), as they are.
  std::vector<std::string> system;
  /// What is wrong, as a sentence; empty where nothing is.
  std::string problem;
};

/// Takes `words`, the command line without the program's name, apart.
[[nodiscard]] arguments parse_arguments(const std::vector<std::string>& words);

/// Returns what `--help` prints.
[[nodiscard]] std::string help_text();

} // namespace onewriter::node
