#include "app/commands/output/value_text.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace onewriter::node {

namespace {

struct text_renderer {
  std::string operator()(null) const {
    return "NULL";
  }

  std::string operator()(int64_t x) const {
    return std::to_string(x);
  }

  std::string operator()(double x) const {
    return real_text(x);
  }

  std::string operator()(const std::string& x) const {
    return x;
  }

  std::string operator()(const blob& x) const {
    return "x'" + hexadecimal(x.data(), x.size()) + '\'';
  }
};

} // namespace

std::string real_text(double x) {
  if (std::isnan(x))
    return "NaN";
  if (std::isinf(x))
    return x < 0 ? "-9e999" : "9e999";
  // Between 15 and 17 digits tell one double from all others.
  char buf[40];
  for (auto digits = 15; digits <= 17; ++digits) {
    std::snprintf(buf, sizeof buf, "%.*g", digits, x);
    if (std::strtod(buf, nullptr) == x)
      break;
  }
  std::string result = buf;
  return result.find_first_of(".e") == result.npos ? result + ".0" : result;
}

std::string hexadecimal(const std::byte* bytes, size_t size) {
  constexpr auto digits = "0123456789abcdef";
  std::string result;
  result.reserve(2 * size);
  for (size_t i = 0; i < size; ++i) {
    result += digits[std::to_integer<unsigned>(bytes[i]) >> 4];
    result += digits[std::to_integer<unsigned>(bytes[i]) & 15];
  }
  return result;
}

std::string value_text(const value& x) {
  return std::visit(text_renderer{}, x.data);
}

} // namespace onewriter::node
