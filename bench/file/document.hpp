#pragma once

#include <cstdint>
#include <string>

namespace onewriter::bench {

/// Returns the path of a text file of that size in `folder`, made of words that
/// are drawn from `seed`, few of them often and many of them rarely, as in
/// languages. Made where it is not there yet. Throws `std::runtime_error`.
std::string document_in(const std::string& folder, uint64_t bytes,
                        uint64_t seed);

} // namespace onewriter::bench
