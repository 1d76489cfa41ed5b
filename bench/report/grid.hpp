#pragma once

#include "bench/results/groups.hpp"
#include "bench/results/results.hpp"

#include <string>
#include <vector>

namespace onewriter::bench {

/// Figures as texts, to be printed as a table.
struct grid {
  struct column {
    /// With the unit, in ASCII.
    std::string title;
    bool is_text = false;
  };

  struct line {
    std::string backend;
    /// One for each column; the first is the backend.
    std::vector<std::string> cells;
  };

  struct group {
    std::string workload;
    std::vector<line> lines;
  };

  std::vector<column> columns;
  std::vector<group> groups;
};

/// What is shown of one setting of `PRAGMA synchronous`. All columns beside
/// each other would be too wide for most screens.
struct level_grids {
  enum synchronous synchronous = synchronous::full;
  /// The share of "raw-1000" has a column where that was measured.
  grid writes;
  /// Reads and refused writes, where there are any: without groups otherwise.
  grid aside;

  /// What is aside, as a title.
  std::string title_of_aside() const;
};

/// Figures are those of the median round; `-` where there is none.
std::vector<level_grids> make_grids(const results& of);

/// Returns what rows per second are compared with: the backend "raw-1000"
/// with the same workload; `nullptr` if there is none.
const series* raw_twin(const level& in, const series& of);

} // namespace onewriter::bench
