#include "onewriter/query.hpp"

namespace onewriter {

size_t result_set::bytes() const {
  auto result = sizeof(result_set);
  for (auto& x : columns)
    result += sizeof(column) + x.name.size() + x.declared_type.size();
  for (auto& x : rows) {
    result += sizeof(row);
    for (auto& cell : x.cells)
      result += cell.bytes();
  }
  return result;
}

std::string to_string(const result_set& x) {
  std::string result;
  for (auto& line : x.rows)
    result += to_string(line) + '\n';
  return result;
}

} // namespace onewriter
