#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace onewriter {

/// Writes one JSON value (RFC 8259), indented for people.
///
///     json_writer out;
///     out.begin_object();
///     out.member("files", 5);
///     out.end_object();
///     std::cout << out.text();
class json_writer {
public:
  void begin_object() {
    begin('{');
  }

  void end_object() {
    end('}');
  }

  void begin_array() {
    begin('[');
  }

  void end_array() {
    end(']');
  }

  /// The name of the member whose value is written next.
  void key(std::string_view name);

  /// Bytes that are no UTF-8 become U+FFFD.
  void string(std::string_view x);

  template <class T, std::enable_if_t<std::is_integral_v<T>, int> = 0>
  void number(T x) {
    write(std::to_string(x));
  }

  /// Six significant decimals; infinities and NaN become null.
  void number(double x);

  void boolean(bool x) {
    write(x ? "true" : "false");
  }

  void null() {
    write("null");
  }

  template <class T>
  void member(std::string_view name, const T& x) {
    key(name);
    if constexpr (std::is_same_v<T, bool>)
      boolean(x);
    else if constexpr (std::is_arithmetic_v<T>)
      number(x);
    else
      string(x);
  }

  /// The JSON text, without a line break at the end.
  const std::string& text() const {
    return text_;
  }

private:
  void begin(char bracket);

  void end(char bracket);

  void write(std::string_view token);

  void separate();

  void break_line();

  std::string text_;
  size_t depth_ = 0;
  bool first_ = true;
  bool after_key_ = false;
};

} // namespace onewriter
