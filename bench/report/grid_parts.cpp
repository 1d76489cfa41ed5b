#include "bench/report/grid_parts.hpp"

#include <algorithm>

namespace onewriter::bench {

namespace {

// The backend, and the columns that are aside or those that are not.
std::vector<size_t> columns_of(const grid& of, bool aside) {
  std::vector<size_t> result;
  for (size_t i = 0; i < of.columns.size(); ++i)
    if (i == 0 || of.columns[i].is_aside == aside)
      result.push_back(i);
  return result;
}

template <class T>
std::vector<T>
picked(const std::vector<T>& from, const std::vector<size_t>& columns) {
  std::vector<T> result;
  result.reserve(columns.size());
  for (auto i : columns)
    result.push_back(from[i]);
  return result;
}

grid part_of(const grid& of, bool aside) {
  auto columns = columns_of(of, aside);
  auto result = of;
  result.columns = picked(of.columns, columns);
  for (auto& group : result.groups)
    for (auto& line : group.lines)
      line.cells = picked(line.cells, columns);
  return result;
}

bool says_nothing(const grid::line& x) {
  return std::all_of(x.cells.begin() + 1, x.cells.end(),
                     [](auto& cell) { return cell == "-"; });
}

template <class T, class Predicate>
void remove_from(std::vector<T>& in, Predicate is) {
  in.erase(std::remove_if(in.begin(), in.end(), is), in.end());
}

} // namespace

grid write_part(const grid& of) {
  return part_of(of, false);
}

grid aside_part(const grid& of) {
  auto result = part_of(of, true);
  for (auto& group : result.groups)
    remove_from(group.lines, says_nothing);
  remove_from(result.groups, [](auto& x) { return x.lines.empty(); });
  return result;
}

std::string title_of_aside(const grid& aside) {
  auto has = [&](const char* title) {
    return std::any_of(aside.columns.begin(), aside.columns.end(),
                       [&](auto& x) { return x.title == title; });
  };
  if (!has("refused"))
    return "Reads";
  return has("reads/s") ? "Reads and refused writes" : "Refused writes";
}

} // namespace onewriter::bench
