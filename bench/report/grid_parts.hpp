#pragma once

#include "bench/report/grid.hpp"

#include <string>

// All columns beside each other are too wide for most screens.

namespace onewriter::bench {

/// Returns the columns about writes.
grid write_part(const grid& of);

/// Returns the columns about reads and refused writes, and only the lines that
/// have something there; no groups at all if none has.
grid aside_part(const grid& of);

/// Returns what `aside` is about, as a title.
std::string title_of_aside(const grid& aside);

} // namespace onewriter::bench
