#include "app/commands/import/column_type.hpp"

#include "actors/console/format.hpp"
#include "actors/text/utf8.hpp"
#include "app/commands/arguments/parameters.hpp"
#include "app/commands/output/value_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <utility>

namespace onewriter::node {

namespace {

struct type_name {
  column_type type;
  const char* name;
  const char* declaration;
};

constexpr type_name type_names[] = {
  {column_type::any, "any", ""},
  {column_type::integer, "integer", "INTEGER"},
  {column_type::real, "real", "REAL"},
  {column_type::text, "text", "TEXT"},
  {column_type::blob, "blob", "BLOB"},
};

// Beyond it, not every integer is a double.
constexpr int64_t largest_exact = int64_t{1} << 53;

std::string upper_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

char lower_case(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string is_not(const std::string& text, const char* what) {
  return '\'' + shorten(printable(text), 40) + "' is not " + what;
}

// -- texts that stand for other values ------------------------------------------

// What the text of a field means where nothing else is known.
value guess(const std::string& text) {
  return text == "NULL" ? value{text} : parse_value(text);
}

// With leading zeros and a plus sign, unlike `parse_value`.
bool to_integer_value(const std::string& text, value& result) {
  auto begin = text.data() + (!text.empty() && text.front() == '+' ? 1 : 0);
  auto end = text.data() + text.size();
  int64_t number = 0;
  auto [rest, problem] = std::from_chars(begin, end, number);
  if (problem != std::errc{} || rest != end)
    return false;
  result = number;
  return true;
}

bool to_real_value(const std::string& text, value& result) {
  if (text == "Infinity" || text == "-Infinity") {
    auto infinity = std::numeric_limits<double>::infinity();
    result = text.front() == '-' ? -infinity : infinity;
    return true;
  }
  // Neither hexadecimal numbers nor names.
  if (text.empty() || text.find_first_not_of("+-.0123456789eE") != text.npos)
    return false;
  char* rest = nullptr;
  auto number = std::strtod(text.c_str(), &rest);
  if (rest != text.c_str() + text.size())
    return false;
  result = number;
  return true;
}

std::string fit_text(value& x, column_type type, bool is_typed) {
  auto text = std::get<std::string>(x.data);
  if (!is_valid_utf8(text))
    return "a text that is not UTF-8";
  switch (type) {
    case column_type::integer:
      return to_integer_value(text, x) ? "" : is_not(text, "an integer");
    case column_type::real:
      return to_real_value(text, x) ? "" : is_not(text, "a number");
    case column_type::blob:
      if (is_typed)
        return {};
      x = parse_value(text);
      return std::holds_alternative<blob>(x.data)
               ? ""
               : is_not(text, "a blob such as x'00ff'");
    case column_type::any:
      if (!is_typed)
        x = guess(text);
      return {};
    default:
      return {};
  }
}

bool is_integral(double x) {
  return x == std::floor(x) && std::abs(x) < 9.2e18;
}

} // namespace

const char* declaration_of(column_type x) {
  return type_names[static_cast<size_t>(x)].declaration;
}

column_type type_of(const std::string& declaration) {
  auto text = upper_case(declaration);
  auto has = [&text](const char* part) {
    return text.find(part) != text.npos;
  };
  if (has("INT"))
    return column_type::integer;
  if (has("CHAR") || has("CLOB") || has("TEXT"))
    return column_type::text;
  if (has("BLOB"))
    return column_type::blob;
  return has("REAL") || has("FLOA") || has("DOUB") ? column_type::real
                                                   : column_type::any;
}

std::string folded_name(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), lower_case);
  return name;
}

std::string fit(value& x, column_type type, bool is_typed) {
  if (std::holds_alternative<std::string>(x.data))
    return fit_text(x, type, is_typed);
  auto is_number = type == column_type::integer || type == column_type::real;
  if (is_number && std::holds_alternative<blob>(x.data))
    return "a blob is not a number";
  auto real = std::get_if<double>(&x.data);
  if (type == column_type::integer && real != nullptr && !is_integral(*real))
    return is_not(real_text(*real), "an integer");
  return {};
}

// -- inference ------------------------------------------------------------------

void type_inference::add(const value& x, bool is_typed) {
  is_typed_ = is_typed;
  auto text = std::get_if<std::string>(&x.data);
  add_kind(text != nullptr && !is_typed ? guess(*text) : x);
}

void type_inference::add_kind(const value& x) {
  if (auto number = std::get_if<int64_t>(&x.data)) {
    has_integer_ = true;
    has_large_integer_ = has_large_integer_ || *number > largest_exact
                         || *number < -largest_exact;
  }
  has_real_ = has_real_ || std::holds_alternative<double>(x.data);
  has_text_ = has_text_ || std::holds_alternative<std::string>(x.data);
  has_blob_ = has_blob_ || std::holds_alternative<blob>(x.data);
}

column_type type_inference::result() const {
  auto has_number = has_integer_ || has_real_;
  // A column of texts would make texts of numbers that are known to be some.
  if (has_text_)
    return is_typed_ && has_number ? column_type::any : column_type::text;
  if (has_blob_)
    return has_number ? column_type::any : column_type::blob;
  if (has_real_)
    return has_large_integer_ ? column_type::any : column_type::real;
  return has_integer_ ? column_type::integer : column_type::any;
}

// -- the command line ---------------------------------------------------------------

caf::expected<std::vector<typed_column>> parse_types(std::string_view text) {
  std::vector<typed_column> result;
  while (!text.empty()) {
    auto word = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    auto colon = word.rfind(':');
    auto name = word.substr(0, colon);
    auto type = colon == word.npos ? "" : word.substr(colon + 1);
    auto found
      = std::find_if(std::begin(type_names), std::end(type_names),
                     [&](const type_name& x) { return type == x.name; });
    if (name.empty() || found == std::end(type_names))
      return make_failure(ec::invalid_argument,
                          "--types: '" + std::string{word}
                            + "' is not NAME:TYPE, with one of the types any, "
                              "integer, real, text and blob");
    result.push_back({std::string{name}, found->type});
  }
  return result;
}

} // namespace onewriter::node
