#include "bench/report/grid.hpp"

#include "actors/console/format.hpp"
#include "bench/report/cells.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <string_view>

namespace onewriter::bench {

namespace {

constexpr const char* raw_name = "raw-1000";

constexpr double quantiles[] = {0.5, 0.9, 0.99, 0.999};

struct definition {
  grid::column column;
  // Only called for series with rounds.
  std::function<std::string(const series&)> cell;
};

double median_rate(const series& x) {
  auto* round = median_round(x);
  return round == nullptr ? std::numeric_limits<double>::quiet_NaN()
                          : round->rows_per_second();
}

std::string rows_per_commit(const measurement& x) {
  if (x.commits == 0)
    return "-";
  return number_cell(static_cast<double>(x.rows)
                     / static_cast<double>(x.commits));
}

std::string reads_cell(const series& x) {
  auto& round = x.median();
  return round.reads == 0 ? "-" : number_cell(round.reads_per_second());
}

std::string refused_cell(const series& x) {
  auto count = x.median().refused;
  return count == 0 ? "-" : with_separators(count);
}

template <class F>
bool any_round(const level& of, F is) {
  for (auto& group : of.workloads)
    for (auto* x : group.all)
      if (auto* round = median_round(*x); round != nullptr && is(*round))
        return true;
  return false;
}

bool has_twin(const level& of) {
  for (auto& group : of.workloads)
    for (auto* x : group.all)
      if (raw_twin(of, *x) != nullptr)
        return true;
  return false;
}

definition backend_column() {
  return {{"backend", true}, [](auto& x) {
            return x.backend;
          }};
}

void add_rates(std::vector<definition>& to) {
  to.push_back(backend_column());
  to.push_back({{"rows/s"}, [](auto& x) {
                  return number_cell(median_rate(x));
                }});
  to.push_back({{"spread"}, [](auto& x) {
                  return spread_cell(x.spread(), median_rate(x));
                }});
}

void add_writes(std::vector<definition>& to) {
  for (auto q : quantiles)
    to.push_back({{'p' + percentile_text(q) + " us"}, [q](auto& x) {
                    return quantile_cell(x.median().write_latency, q);
                  }});
  to.push_back({{"max us"}, [](auto& x) {
                  return quantile_cell(x.median().write_latency, 1);
                }});
  to.push_back({{"rows/commit"}, [](auto& x) {
                  return rows_per_commit(x.median());
                }});
}

// Keeps a reference to `of`.
std::vector<definition> write_columns(const level& of) {
  std::vector<definition> result;
  add_rates(result);
  add_writes(result);
  if (has_twin(of))
    result.push_back({{"of raw"}, [&of](auto& x) -> std::string {
                        auto* twin = raw_twin(of, x);
                        if (twin == nullptr)
                          return "-";
                        return share_cell(median_rate(x) / median_rate(*twin));
                      }});
  return result;
}

// Where one client may starve for another's sake.
void add_fairness(std::vector<definition>& to) {
  to.push_back({{"p99.9 of time us"}, [](auto& x) {
                  return quantile_cell(x.median().write_waits, 0.999);
                }});
  to.push_back({{"slowest client"}, [](auto& x) {
                  auto& round = x.median();
                  return share_cell(static_cast<double>(round.fewest_writes)
                                    / round.average_writes);
                }});
}

bool has_processes(const level& of) {
  constexpr std::string_view ending = "-processes";
  for (auto& group : of.workloads)
    for (auto* x : group.all)
      if (x->backend.size() > ending.size()
          && x->backend.substr(x->backend.size() - ending.size()) == ending)
        return true;
  return false;
}

std::vector<definition> aside_columns(const level& of) {
  std::vector<definition> result{backend_column()};
  if (has_processes(of))
    add_fairness(result);
  if (any_round(of, [](auto& x) { return x.reads > 0; })) {
    result.push_back({{"reads/s"}, reads_cell});
    result.push_back({{"read p99 us"}, [](auto& x) {
                        return quantile_cell(x.median().read_latency, 0.99);
                      }});
  }
  if (any_round(of, [](auto& x) { return x.refused > 0; }))
    result.push_back({{"refused"}, refused_cell});
  return result;
}

grid::line line_of(const std::vector<definition>& columns, const series& x) {
  grid::line result{x.backend, {x.backend}};
  for (size_t i = 1; i < columns.size(); ++i)
    result.cells.push_back(x.rounds.empty() ? "-" : columns[i].cell(x));
  return result;
}

grid grid_of(const level& of, const std::vector<definition>& columns) {
  grid result;
  for (auto& x : columns)
    result.columns.push_back(x.column);
  for (auto& group : of.workloads) {
    auto& to = result.groups.emplace_back(grid::group{group.name, {}});
    for (auto* x : group.all)
      to.lines.push_back(line_of(columns, *x));
  }
  return result;
}

template <class T, class Predicate>
void remove_from(std::vector<T>& in, Predicate is) {
  in.erase(std::remove_if(in.begin(), in.end(), is), in.end());
}

grid without_empty_lines(grid of) {
  auto is_empty = [](auto& line) {
    return std::all_of(line.cells.begin() + 1, line.cells.end(),
                       [](auto& cell) { return cell == "-"; });
  };
  for (auto& group : of.groups)
    remove_from(group.lines, is_empty);
  remove_from(of.groups, [](auto& x) { return x.lines.empty(); });
  return of;
}

} // namespace

std::string level_grids::title_of_aside() const {
  auto has = [&](const char* title) {
    return std::any_of(aside.columns.begin(), aside.columns.end(),
                       [&](auto& x) { return x.title == title; });
  };
  std::string result;
  auto add = [&](const char* title, const char* what) {
    if (has(title))
      result += (result.empty() ? "" : ", ") + std::string{what};
  };
  add("slowest client", "Fairness");
  add("reads/s", "Reads");
  add("refused", "Refused writes");
  return result;
}

std::vector<level_grids> make_grids(const results& of) {
  std::vector<level_grids> result;
  for (auto& level : by_level(of))
    result.push_back(
      {level.synchronous, grid_of(level, write_columns(level)),
       without_empty_lines(grid_of(level, aside_columns(level)))});
  return result;
}

const series* raw_twin(const level& in, const series& of) {
  for (auto& group : in.workloads)
    for (auto* x : group.all)
      if (group.name == of.workload && x->backend == raw_name
          && !x->rounds.empty())
        return x;
  return nullptr;
}

} // namespace onewriter::bench
