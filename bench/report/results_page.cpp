#include "bench/report/results_page.hpp"

#include "actors/console/format.hpp"
#include "bench/report/cells.hpp"
#include "bench/report/finding_cells.hpp"
#include "bench/report/grid.hpp"

#include <fstream>
#include <stdexcept>
#include <string_view>

namespace onewriter::bench {

namespace {

constexpr auto how_to_read_page
  = "Every figure is about writes that were acknowledged after their commit "
    "and found in the file afterwards. Rows per second are those of the median "
    "round; spread says how far the slowest and the fastest round are from it. "
    "Latencies are in microseconds, as the senders of the median round saw "
    "them: from the request, or from when it was due where writes arrive at a "
    "rate, to its reply. `64 x 16` means 64 clients, each with 16 writes on "
    "their way. Rows per commit counts all commits, including those of the "
    "background load. Of raw: rows per second against raw-1000 with the same "
    "readers, where it was measured.\n\n";

constexpr auto how_to_read_processes
  = "Made by `onewriter-bench processes`. `8 x 64` means 8 client processes "
    "with 64 writes on their way each.\n\n"
    "- onewriter-processes: each process opens the database with "
    "`onewriter::open`; another process, the benchmark's own, owns the file\n"
    "- onewriter: as many client actors in the owner's process\n"
    "- contended-processes: each process has the file open itself (SQLite, "
    "WAL, BEGIN IMMEDIATE, busy timeout 5 s); the writes on its way share a "
    "transaction\n\n"
    "Each process notes when it sent a write and when the reply came, by the "
    "clock that all processes share. In the end the file is compared with all "
    "notes. In the takeover, a process with no load owns the file, four others "
    "write one row at a time, and the owner is killed; what counts is the time "
    "from the kill to the first reply to a write that was sent when the owner "
    "was gone.\n\n"
    "P99.9 of time: of the time that clients wait for replies, 99.9 % belongs "
    "to writes that take at most this long. The other percentiles count "
    "writes: a process that starves for a second notes one write, where "
    "others note thousands. Slowest client: the writes of the client with the "
    "fewest, against the average.\n\n";

// -- tables ------------------------------------------------------------------------

// Makes any bytes fit to be a text within a line or a cell of a table.
std::string escaped_markdown(std::string_view text) {
  std::string result;
  for (auto c : printable(text)) {
    if (std::string_view{"\\|<>*`[]#&"}.find(c) != std::string_view::npos)
      result += '\\';
    result += c;
  }
  return result;
}

std::string row(const std::vector<std::string>& cells) {
  std::string result = "|";
  for (auto& x : cells)
    result += ' ' + x + " |";
  return result + '\n';
}

std::string line_row(const scaling_line& x) {
  return row({escaped_markdown(x.x), escaped_markdown(x.backend),
              to_string(x.synchronous), number_cell(x.rows_per_second),
              spread_cell(x.spread, x.rows_per_second), number_cell(x.p50_us),
              number_cell(x.p99_us)});
}

std::string line_row(const std::string& workload, const grid::line& x) {
  std::vector<std::string> cells{escaped_markdown(workload)};
  for (auto& y : x.cells)
    cells.push_back(escaped_markdown(y));
  return row(cells);
}

std::string markdown_targets(const std::vector<finding>& of) {
  auto result = row({"target", "measured", "wanted", "met", "made of"})
                + "| :--- | ---: | :--- | :--- | :--- |\n";
  for (auto& x : of)
    result += row({escaped_markdown(x.name), measured_cell(x), limit_cell(x),
                   met_cell(x), escaped_markdown(figures_cell(x))});
  return result;
}

std::string markdown_table(const grid& of) {
  std::vector<std::string> titles{"workload"};
  std::vector<std::string> rules{":---"};
  for (auto& x : of.columns) {
    titles.push_back(escaped_markdown(x.title));
    rules.emplace_back(x.is_text ? ":---" : "---:");
  }
  auto result = row(titles) + row(rules);
  for (auto& group : of.groups)
    for (auto& line : group.lines)
      result += line_row(group.workload, line);
  return result;
}

std::string markdown_list(const facts& of) {
  std::string result;
  for (auto& [name, value] : of)
    result
      += "- " + escaped_markdown(name) + ": " + escaped_markdown(value) + '\n';
  return result;
}

// -- parts -------------------------------------------------------------------------

std::string head(const results_page& of) {
  return "# Results\n\nThis page and its plots are made by\n\n```sh\n"
         + of.command + "\n```\n\n" + markdown_list(of.found.about) + '\n'
         + how_to_read_page + "What is compared:\n\n"
         + markdown_list(of.backends) + '\n';
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
              + markdown_table(x.writes) + '\n';
    if (!x.aside.groups.empty())
      result += x.title_of_aside() + ":\n\n" + markdown_table(x.aside) + '\n';
  }
  return result;
}

} // namespace

std::string markdown_section(const scaling_section& of) {
  auto title = escaped_markdown(of.title);
  auto result = "## " + title + "\n\n" + of.introduction + "\n\n![" + title
                + "](<scaling-" + of.name + ".svg>)\n\n"
                + row({escaped_markdown(of.x_name), "backend", "synchronous",
                       "rows/s", "spread", "p50 us", "p99 us"})
                + "| ---: | :--- | :--- | ---: | ---: | ---: | ---: |\n";
  for (auto& x : of.lines)
    result += line_row(x);
  return result;
}

std::string markdown_of_processes(const results& of) {
  auto result = "## Processes\n\n" + std::string{how_to_read_processes}
                + markdown_list(of.about) + '\n';
  if (!of.targets.empty())
    result += markdown_targets(of.targets) + '\n';
  for (auto& x : make_grids(of)) {
    result += "Synchronous = " + to_string(x.synchronous) + ":\n\n"
              + markdown_table(x.writes) + '\n';
    if (!x.aside.groups.empty())
      result += x.title_of_aside() + ":\n\n" + markdown_table(x.aside) + '\n';
  }
  return result;
}

std::string to_markdown(const results_page& of) {
  auto result = head(of) + targets(of.found.targets) + workloads(of.found);
  if (!of.processes.all.empty())
    result += markdown_of_processes(of.processes);
  for (auto& x : of.found.scaling)
    result += markdown_section(x) + '\n';
  result.pop_back();
  return result;
}

void write_results_page(const std::string& path, const results_page& of) {
  std::ofstream to{path};
  to << to_markdown(of);
  to.close();
  if (!to)
    throw std::runtime_error{"cannot write " + path};
}

} // namespace onewriter::bench
