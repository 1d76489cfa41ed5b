#include "app/commands/output/receipt_text.hpp"

#include "actors/console/format.hpp"

namespace onewriter::node {

std::string receipt_text(const write_receipt& x) {
  auto result
    = format_count(static_cast<uint64_t>(x.changes), "row") + " changed, ";
  if (x.last_insert_rowid != 0)
    result += "last rowid " + std::to_string(x.last_insert_rowid) + ", ";
  result += "commit " + std::to_string(x.commit);
  return result + (x.repeated ? " (repeated: done before)\n" : "\n");
}

} // namespace onewriter::node
