#pragma once

#include "bench/results/groups.hpp"
#include "bench/results/results.hpp"

#include <string>
#include <vector>

namespace onewriter::bench {

/// The figures of one setting of `PRAGMA synchronous` as texts, to be printed
/// as a table.
struct grid {
  struct column {
    /// With the unit, in ASCII.
    std::string title;
    bool is_text = false;
    /// Whether it is about reads or refused writes; where there are none, the
    /// cell is `-`.
    bool is_aside = false;
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

  enum synchronous synchronous = synchronous::full;
  std::vector<column> columns;
  std::vector<group> groups;
};

/// Figures are those of the median round. Columns about reads, refused writes
/// and the share of "raw-1000" are there where there is something in them.
std::vector<grid> make_grids(const results& of);

/// Returns what rows per second are compared with: the backend "raw-1000"
/// with the same workload; `nullptr` if there is none.
const series* raw_twin(const level& in, const series& of);

} // namespace onewriter::bench
