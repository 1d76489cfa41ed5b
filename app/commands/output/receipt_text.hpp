#pragma once

#include "onewriter/write.hpp"

#include <string>

namespace onewriter::node {

/// Says on one line what a write has changed.
[[nodiscard]] std::string receipt_text(const write_receipt& x);

} // namespace onewriter::node
