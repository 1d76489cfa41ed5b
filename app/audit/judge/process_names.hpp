#pragma once

#include "app/audit/core/facts.hpp"

#include <string>
#include <vector>

namespace onewriter::node {

/// "process 12 (cat)"; without the command if the process is not known.
[[nodiscard]] std::string name_of_process(const audit_facts& x, int64_t id);

/// "process 12 (cat) and process 13 (dog)"; beyond four, how many more.
[[nodiscard]] std::string names_of_processes(const audit_facts& x,
                                             const std::vector<int64_t>& ids);

/// Returns the processes that have the file open for writing, but for `owner`;
/// of those whose open files cannot be read, the ones that hold a lock for
/// writing.
[[nodiscard]] std::vector<int64_t> writers_beside(const audit_facts& x,
                                                  std::optional<int64_t> owner);

} // namespace onewriter::node
