#pragma once

#include <string>

namespace CLI {
class App;
} // namespace CLI

namespace onewriter::node {

/// Returns a script for bash that completes the commands of `program`, their
/// options, the values that options and arguments are limited to, and the names
/// of files. What it knows is what `program` has; it does not run the program.
[[nodiscard]] std::string bash_completion(CLI::App& program);

} // namespace onewriter::node
