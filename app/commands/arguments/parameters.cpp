#include "app/commands/arguments/parameters.hpp"

#include <charconv>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>

namespace onewriter::node {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_name_character(char c) {
  return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z')
         || (c >= 'A' && c <= 'Z');
}

// -- numbers --------------------------------------------------------------------

// Removes digits from the front of `text`; returns how many there were.
size_t skip_digits(std::string_view& text) {
  size_t count = 0;
  while (count < text.size() && is_digit(text[count]))
    ++count;
  text.remove_prefix(count);
  return count;
}

bool skip_any_of(std::string_view& text, std::string_view characters) {
  if (text.empty() || characters.find(text.front()) == text.npos)
    return false;
  text.remove_prefix(1);
  return true;
}

// Whether `text` is a number of JSON with a fraction or an exponent
// (https://www.rfc-editor.org/rfc/rfc8259#section-6).
bool is_real(std::string_view text) {
  skip_any_of(text, "-");
  auto begins_with_zero = !text.empty() && text.front() == '0';
  auto digits = skip_digits(text);
  if (digits == 0 || (begins_with_zero && digits > 1))
    return false;
  auto has_point = skip_any_of(text, ".");
  if (has_point && skip_digits(text) == 0)
    return false;
  auto has_exponent = skip_any_of(text, "eE");
  if (has_exponent) {
    skip_any_of(text, "+-");
    if (skip_digits(text) == 0)
      return false;
  }
  return text.empty() && (has_point || has_exponent);
}

std::optional<int64_t> to_integer(const std::string& word) {
  int64_t result = 0;
  auto end = word.data() + word.size();
  auto [rest, problem] = std::from_chars(word.data(), end, result);
  if (problem != std::errc{} || rest != end || std::to_string(result) != word)
    return std::nullopt;
  return result;
}

// -- blobs ----------------------------------------------------------------------

int digit_of(char c) {
  if (is_digit(c))
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// The bytes of x'00ff'.
std::optional<blob> to_blob(std::string_view word) {
  if (word.size() < 3 || word.size() % 2 == 0 || word.back() != '\''
      || (word.substr(0, 2) != "x'" && word.substr(0, 2) != "X'"))
    return std::nullopt;
  blob result;
  for (size_t i = 2; i + 1 < word.size(); i += 2) {
    auto high = digit_of(word[i]);
    auto low = digit_of(word[i + 1]);
    if (high < 0 || low < 0)
      return std::nullopt;
    result.push_back(static_cast<std::byte>(high * 16 + low));
  }
  return result;
}

// -- names ----------------------------------------------------------------------

// The size of the name that `word` begins with, or 0.
size_t name_size(const std::string& word) {
  constexpr std::string_view prefixes = ":@$";
  if (word.empty() || prefixes.find(word.front()) == prefixes.npos)
    return 0;
  size_t size = 1;
  while (size < word.size() && is_name_character(word[size]))
    ++size;
  return size > 1 && size < word.size() && word[size] == '=' ? size : 0;
}

} // namespace

value parse_value(const std::string& word) {
  if (word == "NULL")
    return null{};
  if (auto number = to_integer(word))
    return *number;
  if (is_real(word))
    return std::strtod(word.c_str(), nullptr);
  if (auto bytes = to_blob(word))
    return std::move(*bytes);
  return word;
}

caf::expected<statement> make_statement(std::string sql,
                                        const std::vector<std::string>& words,
                                        bool all_text) {
  statement result{std::move(sql)};
  for (auto& word : words) {
    auto size = all_text ? 0 : name_size(word);
    if (size > 0)
      result.names.push_back(word.substr(0, size));
    auto content = size > 0 ? word.substr(size + 1) : word;
    result.parameters.push_back(all_text ? value{std::move(content)}
                                         : parse_value(content));
  }
  if (!result.names.empty() && result.names.size() != result.parameters.size())
    return make_failure(ec::invalid_argument,
                        "some parameters have a name and others have none; "
                        "--text takes :NAME=VALUE for a text");
  return result;
}

} // namespace onewriter::node
