#include "bench/report/finding_cells.hpp"

#include "actors/console/format.hpp"
#include "bench/report/cells.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace onewriter::bench {

namespace {

bool is_size(figure x) {
  return x == figure::log_bytes || x == figure::resident_bytes;
}

// Memory may shrink.
std::string size_text(double bytes) {
  auto size
    = format_bytes(static_cast<uint64_t>(std::llround(std::abs(bytes))));
  return bytes < 0 ? '-' + size : size;
}

std::string number_text(double x, figure what) {
  if (!std::isfinite(x))
    return "-";
  return is_size(what) ? size_text(x) : number_cell(x);
}

// Sizes have theirs already.
std::string with_unit(const std::string& text, figure what) {
  return is_size(what) ? text : text + ' ' + unit_of(what);
}

std::string shortest(double x) {
  char buf[32];
  std::snprintf(buf, sizeof buf, "%.6g", x);
  return buf;
}

} // namespace

std::string measured_cell(const finding& x) {
  return x.is_ratio ? factor_cell(x.measured)
                    : with_unit(number_text(x.measured, x.figure), x.figure);
}

std::string limit_cell(const finding& x) {
  auto limit = x.is_ratio ? shortest(x.limit)
                          : with_unit(number_text(x.limit, x.figure), x.figure);
  return (x.is_least ? "at least " : "at most ") + limit;
}

std::string met_cell(const finding& x) {
  if (!std::isfinite(x.measured))
    return "-";
  return x.is_met() ? "yes" : "no";
}

std::string figures_cell(const finding& x) {
  std::string result;
  for (auto& [name, value] : x.figures)
    result += (result.empty() ? "" : ", ") + name + ' '
              + number_text(value, x.figure);
  return with_unit(result, x.figure);
}

std::string unit_of(figure x) {
  switch (x) {
    case figure::rows_per_second:
      return "rows/s";
    case figure::reads_per_second:
      return "reads/s";
    case figure::p50:
    case figure::p99:
    case figure::p99_9:
    case figure::p99_9_of_time:
      return "us";
    case figure::takeover:
      return "ms";
    default:
      return "bytes";
  }
}

std::string summary_of(const std::vector<finding>& all) {
  auto met
    = std::count_if(all.begin(), all.end(), [](auto& x) { return x.is_met(); });
  return with_separators(static_cast<uint64_t>(met)) + " of "
         + format_count(all.size(), "target")
         + " met: they are goals, not promises. A peer is another backend that "
           "measures the same; the best one is the fastest. Each rate and each "
           "latency is the median of the rounds, each log size the largest. "
           "Memory is that of the whole process, in which the benchmark keeps "
           "one bit for each write.";
}

} // namespace onewriter::bench
