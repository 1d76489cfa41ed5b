#pragma once

#include "app/audit/core/audit_options.hpp"

#include <string>

namespace CLI {
class App;
} // namespace CLI

namespace onewriter::node {

constexpr const char* audit_summary
  = "Say whether a database is at risk, who uses it, and how.";

/// Adds arguments, options and help of `onewriter audit` to the command `to`,
/// which stores them in `asked`. That has to outlive `to`.
void add_audit_arguments(CLI::App& to, audit_options& asked);

/// Returns what is wrong with `asked` once the command line was read, on one
/// line; empty if nothing is.
[[nodiscard]] std::string problem_of_audit(const audit_options& asked);

} // namespace onewriter::node
