#pragma once

#include "bench/measure/backend.hpp"
#include "bench/options/bench_options.hpp"
#include "bench/plan/plan.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace onewriter::bench {

/// What a user should conclude from an axis: `from` and `to` are compared.
struct scaling_advice {
  /// Of the places, as they are written beside the axis.
  std::string from;
  std::string to;
  /// `From 64 to 4,096 clients`.
  std::string phrase;
  /// Whether bytes per second are what counts rather than rows.
  bool is_about_bytes = false;
  /// Where there is less at `to` at any level, where there is about as much,
  /// and where there is more.
  std::string falls;
  std::string stays;
  std::string rises;
};

/// A quantity that grows, and the tasks that measure its effect.
struct scaling_axis {
  struct place {
    /// As it is written beside the axis.
    std::string x;
    task what;
    /// What takes minutes to prepare is not repeated.
    uint32_t most_rounds = std::numeric_limits<uint32_t>::max();
  };

  /// See `scaling_section`.
  std::string name;
  std::string title;
  std::string x_name;
  std::vector<place> places;
  /// The backend that is measured beside onewriter where it suits.
  std::string reference;
  scaling_advice advice;
};

/// Returns all axes. Files that are filled before a run are at most as large as
/// `asked` says and as `free_bytes` of the disk allow.
std::vector<scaling_axis> scaling_axes(const bench_options& asked,
                                       uint64_t free_bytes);

/// Returns what an axis needs, at the levels and in the backends that were
/// asked for.
std::vector<planned> plan_of(const bench_options& asked,
                             const scaling_axis& axis,
                             const std::vector<backend>& backends);

/// Returns what was measured at the place `x` of an axis.
scaling_line make_scaling_line(std::string x, const series& of);

/// Returns one sentence that follows from the figures, empty where they are not
/// there.
std::string conclusion(const scaling_axis& axis,
                       const std::vector<scaling_line>& lines);

/// Makes the section of an axis, for `plan_of` it.
scaling_section section_of(const scaling_axis& axis,
                           const std::vector<planned>& plan,
                           const std::vector<series>& measured);

} // namespace onewriter::bench
