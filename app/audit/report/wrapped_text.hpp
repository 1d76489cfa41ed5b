#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace onewriter::node {

/// Breaks `text` at spaces into lines of at most `columns` columns. A word that
/// is longer, such as a path, gets a line of its own.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text,
                                               size_t columns);

} // namespace onewriter::node
