#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// Numbers and names formatted for people.

namespace onewriter {

/// `1234567` is `1,234,567`.
[[nodiscard]] std::string with_separators(uint64_t x);

/// A number with `decimals` decimals, and separators before the point.
[[nodiscard]] std::string format_fixed(double x, int decimals);

/// `1234567` bytes are `1.2 MB`: decimal units, as disks and networks count.
[[nodiscard]] std::string format_bytes(uint64_t x);

/// Milliseconds with two decimals and without the unit, for a column of them.
[[nodiscard]] std::string format_ms(std::chrono::nanoseconds x);

/// Seconds with one decimal: `12.3 s`.
[[nodiscard]] std::string format_seconds(std::chrono::nanoseconds x);

/// A share from 0 to 1 as `62 %`: 100 % means all of it, and nothing less.
[[nodiscard]] std::string format_percent(double share);

/// `1 file`, `2 files`: `noun` and an `s` if there is not exactly one.
[[nodiscard]] std::string format_count(uint64_t x, std::string_view noun);

/// A rate of events, or anything that may be large: `0`, `3.2`, `1,234`.
[[nodiscard]] std::string format_rate(double per_second);

/// How many columns `text` takes in a terminal: one for each character of
/// UTF-8.
[[nodiscard]] size_t columns_of(std::string_view text);

/// Returns the first `columns` characters of `text`.
[[nodiscard]] std::string_view first_columns(std::string_view text,
                                             size_t columns);

/// Shortens `text` in the middle, so that it fits in `columns`.
[[nodiscard]] std::string shorten(std::string_view text, size_t columns);

/// Makes arbitrary bytes printable and storable as a text: bytes that are not
/// UTF-8 or move the cursor become `\x` and two hexadecimal digits.
[[nodiscard]] std::string printable(std::string_view bytes);

/// Quotes `text` for a POSIX shell, if it needs quotes.
[[nodiscard]] std::string shell_quoted(std::string_view text);

} // namespace onewriter
