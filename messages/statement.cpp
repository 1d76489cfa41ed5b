#include "onewriter/statement.hpp"

namespace onewriter {

size_t statement::bytes() const {
  auto result = sizeof(statement) + sql.size();
  for (auto& parameter : parameters)
    result += parameter.bytes();
  for (auto& name : names)
    result += sizeof(std::string) + name.size();
  return result;
}

} // namespace onewriter
