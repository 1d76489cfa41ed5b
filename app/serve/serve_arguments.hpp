#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

namespace onewriter::node {

/// What a service is asked for on its command line.
struct serve_request {
  /// The databases.
  std::vector<std::string> files;
  /// Whether to create those that do not exist.
  bool create = false;
  /// The options of its configuration, which are read again with it.
  std::vector<std::string> system;
};

inline constexpr const char* serve_summary
  = "Keep databases open for other processes, as a service.";

/// Adds the arguments of `serve` to `to`. Options that the configuration has,
/// too, become words of `system`.
void add_serve_arguments(CLI::App& to, serve_request& asked,
                         std::vector<std::string>& system);

} // namespace onewriter::node
