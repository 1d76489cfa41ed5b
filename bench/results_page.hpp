#pragma once

#include "bench/report/scaling_section.hpp"
#include "bench/results.hpp"

#include <string>
#include <utility>
#include <vector>

namespace onewriter::bench {

/// What `onewriter-bench results` has found.
struct results_page {
  /// The command that makes the page again.
  std::string command;
  /// What was compared: names, with a description of one line each.
  std::vector<std::pair<std::string, std::string>> backends;
  /// The targets and the facts; of the series, those of the workloads.
  results found;
  std::vector<scaling_section> scaling;
};

/// Returns the page as Markdown.
std::string to_markdown(const results_page& of);

/// Writes the page to `path` and the plots beside it. Throws
/// `std::runtime_error` that names the file that cannot be written.
void write_results_page(const std::string& path, const results_page& of);

} // namespace onewriter::bench
