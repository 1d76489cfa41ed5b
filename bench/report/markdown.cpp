#include "bench/report/markdown.hpp"

#include "actors/console/format.hpp"
#include "bench/report/finding_cells.hpp"
#include "bench/report/wording.hpp"

#include <string_view>

namespace onewriter::bench {

namespace {

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

} // namespace

std::string markdown_section(const scaling_section& of) {
  auto title = escaped_markdown(of.title);
  auto result = "## " + title + "\n\n" + of.introduction + "\n\n";
  if (!of.svg_file.empty())
    result += "![" + title + "](<" + of.svg_file + ">)\n\n";
  result += row({escaped_markdown(of.x_name), "backend", "synchronous",
                 "rows/s", "spread", "p50 us", "p99 us"});
  result += "| ---: | :--- | :--- | ---: | ---: | ---: | ---: |\n";
  for (auto& x : of.lines)
    result += line_row(x);
  return result;
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

} // namespace onewriter::bench
