#include "actors/console/json_writer.hpp"

#include "actors/text/utf8.hpp"

#include <cmath>
#include <cstdio>

namespace onewriter {

namespace {

std::string escape_of(char c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      break;
  }
  if (static_cast<unsigned char>(c) >= 0x20)
    return {c};
  char buf[8];
  std::snprintf(buf, sizeof buf, "\\u%04x",
                static_cast<unsigned>(static_cast<unsigned char>(c)));
  return buf;
}

// Removes the next character from `text`; one byte if it is not valid.
std::string take_character(std::string_view& text) {
  for (size_t size = 1; size <= 4 && size <= text.size(); ++size)
    if (is_valid_utf8(text.substr(0, size))) {
      auto result = size == 1 ? escape_of(text.front())
                              : std::string{text.substr(0, size)};
      text.remove_prefix(size);
      return result;
    }
  text.remove_prefix(1);
  return "\xEF\xBF\xBD";
}

} // namespace

void json_writer::key(std::string_view name) {
  string(name);
  text_ += ": ";
  after_key_ = true;
}

void json_writer::string(std::string_view x) {
  std::string token = "\"";
  while (!x.empty())
    token += take_character(x);
  write(token += '"');
}

void json_writer::number(double x) {
  if (!std::isfinite(x))
    return null();
  char buf[32];
  std::snprintf(buf, sizeof buf, "%.6g", x);
  write(buf);
}

void json_writer::begin(char bracket) {
  write({&bracket, 1});
  ++depth_;
  first_ = true;
}

void json_writer::end(char bracket) {
  --depth_;
  if (!first_)
    break_line();
  first_ = false;
  text_ += bracket;
}

void json_writer::write(std::string_view token) {
  separate();
  text_ += token;
}

void json_writer::separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (!first_)
    text_ += ',';
  first_ = false;
  if (depth_ > 0)
    break_line();
}

void json_writer::break_line() {
  text_ += '\n';
  text_.append(2 * depth_, ' ');
}

} // namespace onewriter
