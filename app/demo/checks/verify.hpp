#pragma once

#include "app/core/raw_file.hpp"
#include "app/demo/checks/checks.hpp"
#include "app/demo/swarm/expected_state.hpp"

#include <string>

namespace onewriter::node {

/// Checks a file that has no other connections against the replies that the
/// actors got, with a connection of its own.
[[nodiscard]] checks verify_file(const std::string& path,
                                 const expected_state& what,
                                 const check_progress& progress);

/// Returns the number of the full-text index `name`, by which its table is
/// called; 0 if there is none.
[[nodiscard]] int64_t find_text_index(raw_file& file, const std::string& name);

/// The same, for a file that may even be missing.
[[nodiscard]] int64_t find_text_index(const std::string& path,
                                      const std::string& name);

} // namespace onewriter::node
