#include "actors/console/format.hpp"

#include "actors/text/utf8.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace onewriter {

namespace {

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// Returns the size of the valid character that `text` begins with, or 0.
size_t character_size(std::string_view text) {
  for (size_t size = 1; size <= 4 && size <= text.size(); ++size)
    if (is_valid_utf8(text.substr(0, size)))
      return size;
  return 0;
}

// C0 and DEL; the two-byte controls of C1 begin with C2.
bool is_control(std::string_view character) {
  auto first = static_cast<unsigned char>(character.front());
  if (character.size() == 2 && first == 0xC2)
    return static_cast<unsigned char>(character[1]) < 0xA0;
  return first < 0x20 || first == 0x7F;
}

std::string escaped(std::string_view bytes) {
  std::string result;
  char buf[8];
  for (auto byte : bytes) {
    std::snprintf(buf, sizeof buf, "\\x%02x",
                  static_cast<unsigned>(static_cast<unsigned char>(byte)));
    result += buf;
  }
  return result;
}

} // namespace

std::string with_separators(uint64_t x) {
  auto digits = std::to_string(x);
  for (auto i = static_cast<ptrdiff_t>(digits.size()) - 3; i > 0; i -= 3)
    digits.insert(static_cast<size_t>(i), 1, ',');
  return digits;
}

std::string format_fixed(double x, int decimals) {
  char buf[64];
  std::snprintf(buf, sizeof buf, "%.*f", decimals, x);
  std::string result = buf;
  auto point = std::min(result.find('.'), result.size());
  auto first = result.front() == '-' ? 2 : 1;
  for (auto i = static_cast<ptrdiff_t>(point) - 3; i >= first; i -= 3)
    result.insert(static_cast<size_t>(i), 1, ',');
  return result;
}

std::string format_bytes(uint64_t x) {
  constexpr const char* units[] = {" kB", " MB", " GB", " TB"};
  if (x < 1'000)
    return std::to_string(x) + " B";
  auto scaled = static_cast<double>(x) / 1'000;
  size_t unit = 0;
  while (scaled >= 999.95 && unit + 1 < std::size(units)) {
    scaled /= 1'000;
    ++unit;
  }
  return format_fixed(scaled, 1) + units[unit];
}

std::string format_ms(std::chrono::nanoseconds x) {
  return format_fixed(static_cast<double>(x.count()) / 1e6, 2);
}

std::string format_seconds(std::chrono::nanoseconds x) {
  return format_fixed(static_cast<double>(x.count()) / 1e9, 1) + " s";
}

std::string format_percent(double share) {
  auto percent = static_cast<int>(std::clamp(share, 0.0, 1.0) * 100);
  return std::to_string(percent) + " %";
}

std::string format_count(uint64_t x, std::string_view noun) {
  auto result = with_separators(x) + ' ' + std::string{noun};
  return x == 1 ? result : result + 's';
}

std::string format_rate(double per_second) {
  auto small = per_second > 0 && per_second < 9.95;
  return format_fixed(per_second, small ? 1 : 0);
}

size_t columns_of(std::string_view text) {
  return text.size()
         - static_cast<size_t>(
           std::count_if(text.begin(), text.end(), is_continuation));
}

std::string_view first_columns(std::string_view text, size_t columns) {
  for (size_t i = 0; i < text.size(); ++i)
    if (!is_continuation(text[i]) && columns-- == 0)
      return text.substr(0, i);
  return text;
}

std::string shorten(std::string_view text, size_t columns) {
  constexpr std::string_view gap = "...";
  auto all = columns_of(text);
  if (all <= columns)
    return std::string{text};
  if (columns <= gap.size() + 2)
    return std::string{first_columns(text, columns)};
  auto head = (columns - gap.size()) / 3;
  auto tail = columns - gap.size() - head;
  auto skipped = first_columns(text, all - tail).size();
  return std::string{first_columns(text, head)} + std::string{gap}
         + std::string{text.substr(skipped)};
}

std::string printable(std::string_view bytes) {
  std::string result;
  while (!bytes.empty()) {
    auto size = character_size(bytes);
    auto character = bytes.substr(0, std::max(size, size_t{1}));
    if (size == 0 || is_control(character))
      result += escaped(character);
    else
      result += character;
    bytes.remove_prefix(character.size());
  }
  return result;
}

std::string shell_quoted(std::string_view text) {
  constexpr std::string_view harmless
    = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
      "/._-+,:@%=";
  if (!text.empty() && text.find_first_not_of(harmless) == text.npos)
    return std::string{text};
  std::string result = "'";
  for (auto c : text)
    result += c == '\'' ? std::string{"'\\''"} : std::string{c};
  return result + '\'';
}

} // namespace onewriter
