#include "app/commands/output/json_text.hpp"

#include "actors/console/format.hpp"
#include "actors/text/utf8.hpp"
#include "app/commands/output/value_text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

namespace onewriter::node {

namespace {

json hex_json(const char* name, const void* bytes, size_t size) {
  auto result = json::object();
  result[name] = hexadecimal(static_cast<const std::byte*>(bytes), size);
  return result;
}

struct json_renderer {
  json operator()(null) const {
    return nullptr;
  }

  json operator()(int64_t x) const {
    return x;
  }

  json operator()(double x) const {
    return x;
  }

  json operator()(const std::string& x) const {
    return is_valid_utf8(x) ? json(x)
                            : hex_json("text_hex", x.data(), x.size());
  }

  json operator()(const blob& x) const {
    return hex_json("blob_hex", x.data(), x.size());
  }
};

// The JSON library escapes those below 0x20 only; the others are DEL and the
// two-byte characters C2 80 to C2 9F.
std::string without_controls(const std::string& text) {
  std::string result;
  char buf[8];
  for (size_t i = 0; i < text.size(); ++i) {
    auto byte = static_cast<unsigned char>(text[i]);
    auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1])
                                    : static_cast<unsigned char>(0);
    auto is_pair = byte == 0xC2 && next < 0xA0;
    if (!is_pair && byte != 0x7F) {
      result += text[i];
      continue;
    }
    std::snprintf(buf, sizeof buf, "\\u%04x",
                  static_cast<unsigned>(is_pair ? next : byte));
    result += buf;
    i += is_pair ? 1 : 0;
  }
  return result;
}

bool is_infinite(const json& x) {
  return x.is_number_float() && std::isinf(x.get<double>());
}

bool has_infinity(const json& x) {
  return is_infinite(x)
         || (x.is_structured()
             && std::any_of(x.begin(), x.end(), has_infinity));
}

// The JSON library prints null for infinity.
std::string dump(const json& x) {
  if (is_infinite(x))
    return x.get<double>() < 0 ? "-9.0e+999" : "9.0e+999";
  if (!has_infinity(x))
    return x.dump(-1, ' ', false, json::error_handler_t::replace);
  std::string result;
  for (auto& [name, content] : x.items()) {
    result += result.empty() ? "" : ",";
    result += (x.is_object() ? dump(name) + ':' : "") + dump(content);
  }
  return x.is_object() ? '{' + result + '}' : '[' + result + ']';
}

} // namespace

json value_json(const value& x) {
  return std::visit(json_renderer{}, x.data);
}

std::vector<std::string> member_names(const std::vector<column>& columns) {
  std::set<std::string> taken;
  for (auto& x : columns)
    taken.insert(printable(x.name));
  std::set<std::string> seen;
  std::vector<std::string> result;
  for (auto& x : columns) {
    auto first = printable(x.name);
    auto name = first;
    if (!seen.insert(first).second)
      for (auto i = 1; taken.count(name) > 0; ++i)
        name = first + ':' + std::to_string(i);
    taken.insert(name);
    result.push_back(std::move(name));
  }
  return result;
}

json row_json(const row& x, const std::vector<std::string>& names) {
  auto result = json::object();
  for (size_t i = 0; i < names.size() && i < x.cells.size(); ++i)
    result[names[i]] = value_json(x.cells[i]);
  return result;
}

std::string json_line(const json& x) {
  return without_controls(dump(x)) + '\n';
}

} // namespace onewriter::node
