#pragma once

#include "app/demo/setup/demo_options.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace onewriter::node {

/// What the command line asks for.
enum class command : uint8_t { demo, help, version };

/// A command line, taken apart.
struct arguments {
  enum command command = command::help;
  demo_options demo;
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
