#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace onewriter::node {

/// Returns up to `count` different words from all over `text`, the same ones
/// for the same `seed`. A word is 5 to 20 ASCII letters between white space, so
/// that a full-text index has it exactly as it is. What the beginning or the
/// end of `text` may have cut off is no word.
[[nodiscard]] std::vector<std::string> pick_words(std::string_view text,
                                                  size_t count, uint32_t seed);

} // namespace onewriter::node
