#pragma once

#include "bench/results/results.hpp"

#include <ostream>

namespace onewriter::bench {

/// Prints the facts and one table for each setting of `PRAGMA synchronous`;
/// with colours if `to` is `std::cout` and colours are wanted there. Lines of
/// tables have up to 120 columns, unless names are long.
void print_table(std::ostream& to, const results& of);

/// Prints the facts and what became of each target.
void print_targets(std::ostream& to, const results& of);

/// Prints first the one, then the other.
void print_table_and_targets(std::ostream& to, const results& of);

} // namespace onewriter::bench
