#include "actors/console/text_table.hpp"

#include "actors/console/format.hpp"

#include <algorithm>
#include <utility>

namespace onewriter {

text_table::text_table(std::vector<column> columns, size_t indent, size_t gap)
  : columns_{std::move(columns)},
    indent_{indent},
    gap_{gap} {
  // nop
}

void text_table::add(std::vector<cell> cells) {
  cells.resize(columns_.size(), cell{""});
  rows_.push_back(std::move(cells));
}

std::vector<styled_line> text_table::lines() const {
  auto sizes = widths();
  std::vector<cell> titles;
  auto any_title = false;
  for (auto& x : columns_) {
    titles.emplace_back(x.title, style::dim);
    any_title = any_title || !x.title.empty();
  }
  std::vector<styled_line> result;
  if (any_title)
    result.push_back(line_of(titles, sizes));
  for (auto& cells : rows_)
    result.push_back(line_of(cells, sizes));
  return result;
}

std::vector<size_t> text_table::widths() const {
  std::vector<size_t> result;
  for (size_t i = 0; i < columns_.size(); ++i) {
    auto size
      = std::max(columns_of(columns_[i].title), columns_[i].min_columns);
    for (auto& cells : rows_)
      size = std::max(size, columns_of(cells[i].text));
    result.push_back(size);
  }
  return result;
}

styled_line text_table::line_of(const std::vector<cell>& cells,
                                const std::vector<size_t>& widths) const {
  styled_line result;
  auto start = indent_;
  for (size_t i = 0; i < cells.size(); ++i) {
    auto& x = cells[i];
    auto right = columns_[i].align == align::right;
    if (!x.text.empty())
      result.pad_to(right ? start + widths[i] - columns_of(x.text) : start)
        .add(x.text, x.how);
    start += widths[i] + gap_;
  }
  return result;
}

} // namespace onewriter
