#pragma once

#include "app/checks.hpp"
#include "app/evidence.hpp"

namespace onewriter::node {

/// Checks what can be checked without the file: whether what the callers were
/// told is free of errors, and whether it adds up.
[[nodiscard]] checks told_checks(const evidence& what);

} // namespace onewriter::node
