#include "bench/results_page.hpp"

#include "bench/report/finding_cells.hpp"
#include "bench/report/grid_parts.hpp"
#include "bench/report/markdown.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace onewriter::bench {

namespace {

constexpr auto reading
  = "Every figure is about writes that were acknowledged after their commit "
    "and found in the file afterwards. Rows per second are those of the median "
    "round; spread says how far the slowest and the fastest round are from it. "
    "Latencies are in microseconds, as the senders of the median round saw "
    "them: from the request, or from when it was due where writes arrive at a "
    "rate, to its reply. `64 x 16` means 64 clients, each with 16 writes on "
    "their way. Rows per commit counts all commits, including those of the "
    "background load. Of raw: rows per second against raw-1000 with the same "
    "readers, where it was measured.\n\n";

std::string head(const results_page& of) {
  return "# Results\n\nThis page and its plots are made by\n\n```sh\n"
         + of.command + "\n```\n\n" + markdown_list(of.found.about) + '\n'
         + reading + "What is compared:\n\n" + markdown_list(of.backends)
         + '\n';
}

std::string targets(const std::vector<finding>& of) {
  if (of.empty())
    return {};
  return "## Targets\n\n" + summary_of(of) + "\n\n" + markdown_targets(of)
         + '\n';
}

std::string workloads(const results& of) {
  std::string result;
  for (auto& x : make_grids(of)) {
    result += "## Workloads, synchronous = " + to_string(x.synchronous) + "\n\n"
              + markdown_table(write_part(x)) + '\n';
    if (auto aside = aside_part(x); !aside.groups.empty())
      result += title_of_aside(aside) + ":\n\n" + markdown_table(aside) + '\n';
  }
  return result;
}

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream to{path};
  to << text;
  to.close();
  if (!to)
    throw std::runtime_error{"cannot write " + path.string()};
}

} // namespace

std::string to_markdown(const results_page& of) {
  auto result = head(of) + targets(of.found.targets) + workloads(of.found);
  for (auto& x : of.scaling)
    result += markdown_section(x) + '\n';
  result.pop_back();
  return result;
}

void write_results_page(const std::string& path, const results_page& of) {
  auto folder = std::filesystem::path{path}.parent_path();
  for (auto& x : of.scaling)
    write_file(folder / x.svg_file, scaling_svg(x));
  write_file(path, to_markdown(of));
}

} // namespace onewriter::bench
