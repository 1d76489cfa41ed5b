#include "app/commands/output/csv_writer.hpp"

#include "actors/console/format.hpp"
#include "app/commands/output/value_text.hpp"

#include <utility>

namespace onewriter::node {

namespace {

constexpr const char* line_end = "\r\n";

std::string quoted_field(const std::string& text) {
  if (!text.empty() && text.find_first_of(",\"\r\n") == text.npos)
    return text;
  std::string result = "\"";
  for (auto c : text)
    result.append(c == '"' ? 2 : 1, c);
  return result + '"';
}

} // namespace

std::string csv_writer::render(const result_set& page) {
  std::string result;
  if (std::exchange(is_first_, false) && style_.header) {
    for (auto& x : page.columns)
      result += (result.empty() ? "" : ",") + field(x.name);
    result += line_end;
  }
  for (auto& line : page.rows) {
    for (size_t i = 0; i < line.cells.size(); ++i)
      result += (i == 0 ? "" : ",") + field(line.cells[i]);
    result += line_end;
  }
  return result;
}

std::string csv_writer::field(const value& x) const {
  if (x.is_null())
    return {};
  auto text = value_text(x);
  return quoted_field(style_.terminal ? printable(text) : text);
}

} // namespace onewriter::node
