#pragma once

#include "app/checks.hpp"
#include "app/evidence.hpp"

#include <string>

namespace onewriter::node {

/// Checks a file that nobody has open against what the actors were told, with
/// a connection of its own, straight through SQLite: not a line of the code
/// that is being checked is used. Changes nothing.
[[nodiscard]] checks verify_file(const std::string& path, const evidence& what,
                                 const check_progress& progress);

/// Returns the number of the full-text index `name`, by which its table is
/// called; 0 if there is none.
[[nodiscard]] int64_t find_text_index(const std::string& path,
                                      const std::string& name);

} // namespace onewriter::node
