#pragma once

#include "bench/results/results.hpp"

#include <string>
#include <utility>
#include <vector>

namespace onewriter::bench {

/// What `onewriter-bench results` has found.
struct results_page {
  /// The command that makes the page and its plots again.
  std::string command;
  /// What was compared: names, with a description of one line each.
  std::vector<std::pair<std::string, std::string>> backends;
  /// Of the series, those of the workloads.
  results found;
  /// With several processes.
  results processes{};
};

/// Returns a section in Markdown: a heading of the second level, the
/// introduction, the plot that bench/plot.py draws, and one table.
std::string markdown_section(const scaling_section& of);

/// Returns the section about what the command `processes` has found: a heading
/// of the second level, how it was measured, targets and tables.
std::string markdown_of_processes(const results& of);

/// Returns the page as Markdown.
std::string to_markdown(const results_page& of);

/// Writes the page to `path`. Throws `std::runtime_error` that names the file
/// if it cannot be written.
void write_results_page(const std::string& path, const results_page& of);

} // namespace onewriter::bench
