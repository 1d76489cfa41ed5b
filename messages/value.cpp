#include "onewriter/value.hpp"

#include <cmath>
#include <cstdio>
#include <cstring>

namespace onewriter {

namespace {

struct byte_counter {
  size_t operator()(const std::string& x) const {
    return x.size();
  }

  size_t operator()(const blob& x) const {
    return x.size();
  }

  template <class T>
  size_t operator()(const T&) const {
    return 0;
  }
};

std::string quoted(const std::string& text) {
  std::string result = "'";
  for (auto c : text)
    result.append(c == '\'' ? 2 : 1, c);
  return result += '\'';
}

struct literal_renderer {
  std::string operator()(null) const {
    return "NULL";
  }

  std::string operator()(int64_t x) const {
    return std::to_string(x);
  }

  std::string operator()(double x) const {
    if (std::isinf(x))
      return x < 0 ? "-9e999" : "9e999";
    char buf[32];
    std::snprintf(buf, sizeof buf, "%.17g", x);
    auto result = std::string{buf};
    if (result.find_first_of(".en") == std::string::npos)
      result += ".0";
    return result;
  }

  std::string operator()(const std::string& x) const {
    return quoted(x);
  }

  std::string operator()(const blob& x) const {
    constexpr auto digits = "0123456789ABCDEF";
    std::string result = "x'";
    for (auto b : x) {
      result += digits[std::to_integer<unsigned>(b) >> 4];
      result += digits[std::to_integer<unsigned>(b) & 15];
    }
    return result += '\'';
  }
};

} // namespace

size_t value::bytes() const {
  return sizeof(value) + std::visit(byte_counter{}, data);
}

bool operator==(const value& x, const value& y) {
  auto a = std::get_if<double>(&x.data);
  auto b = std::get_if<double>(&y.data);
  if (a != nullptr && b != nullptr)
    return std::memcmp(a, b, sizeof(double)) == 0;
  return x.data == y.data;
}

std::string to_string(const value& x) {
  return std::visit(literal_renderer{}, x.data);
}

} // namespace onewriter
