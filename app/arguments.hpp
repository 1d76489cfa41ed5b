#pragma once

#include "app/audit/core/audit_options.hpp"
#include "app/commands/command.hpp"
#include "app/demo/setup/demo_options.hpp"
#include "app/serve/serve_arguments.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace onewriter::node {

/// What the command line asks for.
enum class command : uint8_t {
  /// To print `arguments::text`: the help or the version.
  print,
  demo,
  audit,
  /// To run `arguments::run`: a command that works on a file.
  file,
  serve,
};

/// A command line, taken apart.
struct arguments {
  enum command command = command::print;
  /// What to print, with a line break at the end.
  std::string text;
  demo_options demo;
  audit_options audit;
  command_function run;
  serve_request serve;
  /// Options of CAF and of the database (`--onewriter.synchronous=normal`,
  /// `--config-file=FILE`), as CAF reads them.
  std::vector<std::string> system;
  /// What is wrong, on one line; empty where nothing is.
  std::string problem;
};

/// Takes `words`, the command line without the program's name, apart.
[[nodiscard]] arguments parse_arguments(const std::vector<std::string>& words);

} // namespace onewriter::node
