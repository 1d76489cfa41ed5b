#include "bench/report/markdown.hpp"

#include "actors/console/format.hpp"
#include "bench/report/wording.hpp"

#include <initializer_list>
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

std::string row(std::initializer_list<std::string> cells) {
  std::string result = "|";
  for (auto& x : cells)
    result += ' ' + x + " |";
  return result + '\n';
}

std::string line_row(const growth_line& x) {
  return row({escaped_markdown(x.x), escaped_markdown(x.arrangement),
              to_string(x.synchronous), number_cell(x.rows_per_second),
              spread_cell(x.spread, x.rows_per_second), number_cell(x.p50_us),
              number_cell(x.p99_us)});
}

} // namespace

std::string markdown_section(const growth_section& of) {
  auto title = escaped_markdown(of.title);
  auto result = "## " + title + "\n\n" + of.introduction + "\n\n";
  if (!of.svg_file.empty())
    result += "![" + title + "](<" + of.svg_file + ">)\n\n";
  result += row({escaped_markdown(of.x_name), "arrangement", "synchronous",
                 "rows/s", "spread", "p50 us", "p99 us"});
  result += "| ---: | :--- | :--- | ---: | ---: | ---: | ---: |\n";
  for (auto& x : of.lines)
    result += line_row(x);
  return result;
}

} // namespace onewriter::bench
