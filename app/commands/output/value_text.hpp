#pragma once

#include "onewriter/value.hpp"

#include <string>

namespace onewriter::node {

/// Returns the shortest text that `parse_value` and SQLite read as exactly `x`:
/// always with a point or an exponent; infinity is 9e999.
[[nodiscard]] std::string real_text(double x);

/// Two hexadecimal digits for each byte of `bytes`.
[[nodiscard]] std::string hexadecimal(const std::byte* bytes, size_t size);

/// Returns `x` as `parse_value` reads it: texts are bare, blobs are x'00ff'.
[[nodiscard]] std::string value_text(const value& x);

} // namespace onewriter::node
