#pragma once

#include "bench/file/items.hpp"
#include "onewriter/write.hpp"

#include <string>

namespace onewriter::bench {

/// Returns the message that asks for a write, with one statement for each row.
/// `sql` inserts a row.
write message_of(const std::string& sql, const item_write& what);

} // namespace onewriter::bench
