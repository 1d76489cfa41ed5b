#include "onewriter/row.hpp"

namespace onewriter {

namespace detail {

namespace {

const char* type_name(const value& x) {
  constexpr const char* names[]
    = {"NULL", "an integer", "a double", "a text", "a blob"};
  return names[x.data.index()];
}

} // namespace

void throw_bad_cell(const value& x, size_t column, const char* wanted) {
  throw bad_cell{"column " + std::to_string(column) + " holds " + type_name(x)
                 + ", not " + wanted};
}

int64_t read_integer(const value& x, size_t column, int64_t min, int64_t max) {
  auto number = std::get_if<int64_t>(&x.data);
  if (number == nullptr)
    throw_bad_cell(x, column, "an integer");
  if (*number < min || *number > max)
    throw_bad_cell(x, column, "an integer in the range of the type asked for");
  return *number;
}

bool read_bool(const value& x, size_t column) {
  return read_integer(x, column, 0, 1) != 0;
}

double read_double(const value& x, size_t column) {
  if (auto number = std::get_if<int64_t>(&x.data))
    return static_cast<double>(*number);
  if (auto number = std::get_if<double>(&x.data))
    return *number;
  throw_bad_cell(x, column, "a number");
}

const std::string& read_text(const value& x, size_t column) {
  if (auto text = std::get_if<std::string>(&x.data))
    return *text;
  throw_bad_cell(x, column, "a text");
}

const blob& read_blob(const value& x, size_t column) {
  if (auto bytes = std::get_if<blob>(&x.data))
    return *bytes;
  throw_bad_cell(x, column, "a blob");
}

} // namespace detail

std::string to_string(const row& x) {
  std::string result;
  for (auto& cell : x.cells)
    result += (result.empty() ? "" : "|") + to_string(cell);
  return result;
}

} // namespace onewriter
