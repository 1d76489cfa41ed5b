#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace onewriter {

/// Style of a piece of text, if colours are on.
enum class style : uint8_t { plain, bold, dim, accent, good, warning, bad };

/// One line of output: pieces of text, each in its style.
class styled_line {
public:
  styled_line() = default;

  styled_line(std::string_view text, style how = style::plain) {
    add(text, how);
  }

  styled_line& add(std::string_view text, style how = style::plain);

  /// Adds spaces up to `column`, from 0; none if the line is longer.
  styled_line& pad_to(size_t column);

  /// Adds `text` so that it ends before `column`, after at least one space.
  styled_line& add_right(std::string_view text, size_t column,
                         style how = style::plain);

  styled_line& append(const styled_line& other);

  /// How many columns the line takes.
  size_t columns() const {
    return columns_;
  }

  bool empty() const {
    return parts_.empty();
  }

  /// Renders the first `max_columns` columns, with ANSI's colours if `colours`.
  std::string render(size_t max_columns, bool colours) const;

  /// Renders all of the line.
  std::string render(bool colours) const {
    return render(columns_, colours);
  }

private:
  struct part {
    std::string text;
    style how = style::plain;
  };

  std::vector<part> parts_;
  size_t columns_ = 0;
};

} // namespace onewriter
