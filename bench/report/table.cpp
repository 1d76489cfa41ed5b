#include "bench/report/table.hpp"

#include "actors/console/format.hpp"
#include "actors/console/terminal.hpp"
#include "actors/console/text_table.hpp"
#include "bench/report/finding_cells.hpp"
#include "bench/report/grid.hpp"

#include <algorithm>
#include <iostream>
#include <string_view>

namespace onewriter::bench {

namespace {

using lines = std::vector<styled_line>;

constexpr size_t most_columns = 120;

constexpr std::string_view how_to_read_table
  = "Median round by rows/s; spread: slowest and fastest round against it. "
    "Latencies are those of writes.";

lines facts_lines(const facts& about) {
  text_table table{
    {{"", text_table::align::left}, {"", text_table::align::left}}};
  for (auto& [name, value] : about)
    table.add({{printable(name) + ':', style::dim}, printable(value)});
  return table.lines();
}

// onewriter's own lines stand out.
style style_of(const grid::line& x) {
  auto is_own
    = x.backend.rfind("onewriter", 0) == 0 || x.backend.rfind("node", 0) == 0;
  return is_own ? style::bold : style::plain;
}

lines lines_of(const grid& of, size_t gap) {
  using align = text_table::align;
  std::vector<text_table::column> columns;
  for (auto& x : of.columns)
    columns.push_back({x.title, x.is_text ? align::left : align::right});
  text_table result{std::move(columns), 2, gap};
  for (auto& group : of.groups)
    for (auto& line : group.lines) {
      std::vector<text_table::cell> cells;
      for (auto& x : line.cells)
        cells.emplace_back(printable(x), style_of(line));
      result.add(std::move(cells));
    }
  return result.lines();
}

lines fitting_lines(const grid& of) {
  auto result = lines_of(of, 2);
  auto fits = std::all_of(result.begin(), result.end(),
                          [](auto& x) { return x.columns() <= most_columns; });
  return fits ? result : lines_of(of, 1);
}

// The names of workloads stand between the lines: as a column, they would take
// too much of the width.
lines grid_lines(const grid& of) {
  auto rows = fitting_lines(of);
  lines result{rows.front()};
  size_t next = 1;
  for (auto& group : of.groups) {
    result.emplace_back(printable(group.workload), style::accent);
    for (size_t i = 0; i < group.lines.size(); ++i)
      result.push_back(rows[next++]);
  }
  return result;
}

lines target_lines(const std::vector<finding>& of) {
  using align = text_table::align;
  text_table table{{{"target", align::left},
                    {"measured"},
                    {"wanted", align::left},
                    {"met", align::left},
                    {"made of", align::left}}};
  for (auto& x : of)
    table.add({x.name,
               measured_cell(x),
               limit_cell(x),
               {met_cell(x), x.is_met() ? style::plain : style::bold},
               figures_cell(x)});
  return table.lines();
}

/// Prints lines, with colours where they are wanted.
class printer {
public:
  explicit printer(std::ostream& to)
    : to_{to},
      colours_{&to == &std::cout && wants_colours()} {
    // nop
  }

  void operator()(const lines& all) const {
    for (auto& x : all)
      to_ << x.render(colours_) << '\n';
  }

private:
  std::ostream& to_;
  bool colours_;
};

} // namespace

void print_table(std::ostream& to, const results& of) {
  printer print{to};
  print(facts_lines(of.about));
  for (auto& x : make_grids(of)) {
    to << '\n';
    print({{"PRAGMA synchronous = " + to_string(x.synchronous), style::bold}});
    print(grid_lines(x.writes));
    if (!x.aside.groups.empty()) {
      to << '\n';
      print(grid_lines(x.aside));
    }
  }
  if (!of.all.empty())
    to << '\n' << how_to_read_table << '\n';
}

void print_targets(std::ostream& to, const results& of) {
  printer print{to};
  print(facts_lines(of.about));
  to << '\n';
  print(target_lines(of.targets));
  to << '\n' << summary_of(of.targets) << '\n';
}

void print_table_and_targets(std::ostream& to, const results& of) {
  print_table(to, of);
  if (of.targets.empty())
    return;
  to << '\n';
  printer{to}(target_lines(of.targets));
}

} // namespace onewriter::bench
