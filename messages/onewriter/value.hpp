#pragma once

#include "onewriter/compat/inspection.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace onewriter {

/// SQL NULL.
struct null {};

inline bool operator==(null, null) {
  return true;
}

template <class Inspector>
auto inspect(Inspector& f, null& x) {
  return compat::inspect_object(f, x);
}

/// Bytes without an encoding. An empty blob is not NULL.
using blob = std::vector<std::byte>;

/// One SQLite value. Owns its content, which outlives the statement.
///
/// A text must be valid UTF-8 (`ec::invalid_text`), a double must not be NaN
/// (`ec::not_a_number`): both are checked when a statement is bound. Everything
/// else is read back unchanged from a column without a declared type, including
/// embedded NUL, -0.0 and infinities. A declared type converts
/// (https://sqlite.org/datatype3.html): INTEGER turns 2.0 into 2, and REAL,
/// NUMERIC and INTEGER turn -0.0 into 0.
struct value {
  using variant = std::variant<null, int64_t, double, std::string, blob>;

  variant data;

  value() = default;

  value(null) {
    // nop
  }

  value(std::nullptr_t) {
    // nop
  }

  /// Accepts every integer type whose values all fit into a signed 64-bit
  /// integer; the caller has to convert an unsigned 64-bit integer.
  template <class T, std::enable_if_t<std::is_integral_v<T>, int> = 0>
  value(T x) : data{static_cast<int64_t>(x)} {
    static_assert(std::is_signed_v<T> || sizeof(T) < sizeof(int64_t),
                  "SQLite has no unsigned 64-bit integers: convert explicitly");
  }

  value(double x) : data{x} {
    // nop
  }

  value(std::string x) : data{std::move(x)} {
    // nop
  }

  value(std::string_view x) : data{std::string{x}} {
    // nop
  }

  value(const char* x) : data{std::string{x}} {
    // nop
  }

  value(blob x) : data{std::move(x)} {
    // nop
  }

  bool is_null() const {
    return std::holds_alternative<null>(data);
  }

  /// Returns the approximate size of the value in memory and on the wire.
  size_t bytes() const;
};

/// Compares exactly: an integer never equals a double, and -0.0 does not equal
/// 0.0.
bool operator==(const value& x, const value& y);

inline bool operator!=(const value& x, const value& y) {
  return !(x == y);
}

/// Renders `x` as an SQL literal, for people and for tests.
std::string to_string(const value& x);

template <class Inspector>
auto inspect(Inspector& f, value& x) {
  return compat::inspect_variant(f, x, x.data);
}

} // namespace onewriter
