#pragma once

#include "app/commands/output/json_text.hpp"
#include "onewriter/dead_letter.hpp"

#include <string>
#include <vector>

namespace onewriter::node {

/// Milliseconds since 1970 as `2026-11-30T18:04:00Z`.
[[nodiscard]] std::string time_text(int64_t unix_ms);

/// One line for each of `letters`, below a header; empty where there are none.
[[nodiscard]] std::string letter_table(const std::vector<dead_letter>& letters);

/// All of `x`, with the values of its parameters.
[[nodiscard]] std::string letter_text(const dead_letter& x);

/// The same as JSON.
[[nodiscard]] json letter_json(const dead_letter& x);

} // namespace onewriter::node
