#pragma once

#include "actors/console/styled_line.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace onewriter {

/// A table whose columns are as wide as their content. Texts are aligned to the
/// left, numbers to the right.
class text_table {
public:
  enum class align : uint8_t { left, right };

  struct column {
    std::string title;
    enum align align = align::right;
    /// Minimum width of the column, so that a table that is redrawn does not
    /// jump.
    size_t min_columns = 0;
  };

  struct cell {
    cell(std::string content, style look = style::plain)
      : text{std::move(content)},
        how{look} {
      // nop
    }

    cell(const char* content) : text{content} {
      // nop
    }

    std::string text;
    style how = style::plain;
  };

  /// `indent` columns stay free on the left, `gap` between two columns.
  explicit text_table(std::vector<column> columns, size_t indent = 0,
                      size_t gap = 2);

  /// Adds a row; cells that are missing are empty.
  void add(std::vector<cell> cells);

  /// Returns the titles, unless all are empty, and the rows. No line ends with
  /// a space.
  std::vector<styled_line> lines() const;

private:
  std::vector<size_t> widths() const;

  styled_line line_of(const std::vector<cell>& cells,
                      const std::vector<size_t>& widths) const;

  std::vector<column> columns_;
  std::vector<std::vector<cell>> rows_;
  size_t indent_;
  size_t gap_;
};

} // namespace onewriter
