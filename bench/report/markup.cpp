#include "bench/report/markup.hpp"

#include "actors/console/format.hpp"

#include <cmath>
#include <cstdio>

namespace onewriter::bench {

std::string escaped(std::string_view text) {
  std::string result;
  for (auto c : printable(text))
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  return result;
}

std::string element(std::string_view name, std::string_view text,
                    std::string_view attributes) {
  auto result = '<' + std::string{name};
  if (!attributes.empty())
    result += ' ' + std::string{attributes};
  return result + '>' + escaped(text) + "</" + std::string{name} + '>';
}

std::string pixels(double x) {
  char buf[64];
  // No negative zero.
  auto tenths = std::round(x * 10) + 0.0;
  std::snprintf(buf, sizeof buf, "%.10g", tenths / 10);
  return buf;
}

} // namespace onewriter::bench
