#include "app/commands/output/table_writer.hpp"

#include "actors/console/format.hpp"
#include "app/commands/output/value_text.hpp"

#include <algorithm>
#include <utility>

namespace onewriter::node {

namespace {

bool is_number(const value& x) {
  return std::holds_alternative<int64_t>(x.data)
         || std::holds_alternative<double>(x.data);
}

// Whether column `i` has numbers and nothing else but NULL.
bool is_numeric(const result_set& page, size_t i) {
  auto numbers = 0;
  for (auto& line : page.rows)
    if (is_number(line.cells[i]))
      ++numbers;
    else if (!line.cells[i].is_null())
      return false;
  return numbers > 0;
}

std::vector<text_table::cell> cells_of(const row& line) {
  std::vector<text_table::cell> result;
  for (auto& x : line.cells)
    result.emplace_back(printable(value_text(x)),
                        x.is_null() ? style::dim : style::plain);
  return result;
}

} // namespace

void table_writer::begin(const result_set& page) {
  for (size_t i = 0; i < page.columns.size(); ++i) {
    text_table::column x;
    if (style_.header)
      x.title = printable(page.columns[i].name);
    x.align = is_numeric(page, i) ? text_table::align::right
                                  : text_table::align::left;
    x.min_columns = columns_of(x.title);
    columns_.push_back(std::move(x));
  }
}

std::string table_writer::render(const result_set& page) {
  if (std::exchange(is_first_, false))
    begin(page);
  text_table table{columns_};
  for (auto& line : page.rows) {
    auto cells = cells_of(line);
    for (size_t i = 0; i < columns_.size() && i < cells.size(); ++i)
      columns_[i].min_columns
        = std::max(columns_[i].min_columns, columns_of(cells[i].text));
    table.add(std::move(cells));
  }
  std::string result;
  for (auto& line : table.lines())
    result += line.render(style_.colours) + '\n';
  for (auto& x : columns_)
    x.title.clear();
  return result;
}

} // namespace onewriter::node
