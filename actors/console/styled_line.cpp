#include "actors/console/styled_line.hpp"

#include "actors/console/format.hpp"

#include <algorithm>

namespace onewriter {

namespace {

// Colours of the terminal's own palette, which are readable for its user.
constexpr const char* codes[]
  = {"", "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[32m", "\x1b[33m", "\x1b[31m"};

constexpr const char* reset = "\x1b[0m";

} // namespace

styled_line& styled_line::add(std::string_view text, style how) {
  if (text.empty())
    return *this;
  columns_ += columns_of(text);
  parts_.push_back({std::string{text}, how});
  return *this;
}

styled_line& styled_line::pad_to(size_t column) {
  if (column > columns_)
    add(std::string(column - columns_, ' '));
  return *this;
}

styled_line& styled_line::add_right(std::string_view text, size_t column,
                                    style how) {
  auto width = columns_of(text);
  auto start = columns_ == 0 ? columns_ : columns_ + 1;
  pad_to(std::max(start, column - std::min(column, width)));
  return add(text, how);
}

styled_line& styled_line::append(const styled_line& other) {
  for (auto& x : other.parts_)
    add(x.text, x.how);
  return *this;
}

std::string styled_line::render(size_t max_columns, bool colours) const {
  std::string result;
  for (auto& x : parts_) {
    auto visible = first_columns(x.text, max_columns);
    max_columns -= columns_of(visible);
    auto plain = !colours || x.how == style::plain || visible.empty();
    if (!plain)
      result += codes[static_cast<size_t>(x.how)];
    result += visible;
    if (!plain)
      result += reset;
  }
  return result;
}

} // namespace onewriter
