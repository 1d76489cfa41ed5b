#include "bench/load/write_message.hpp"

namespace onewriter::bench {

write message_of(const std::string& sql, const item_write& what) {
  write result;
  result.statements.reserve(what.payloads.size());
  auto number = static_cast<int64_t>(what.number);
  for (auto& payload : what.payloads)
    result.then(sql, static_cast<int64_t>(what.client), number++, payload);
  return result;
}

} // namespace onewriter::bench
