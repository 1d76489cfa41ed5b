#pragma once

#include "onewriter/index.hpp"
#include "onewriter/job.hpp"

#include <string>
#include <vector>

namespace onewriter {

/// Fails if the name of an index or the key of a document is out of range, or
/// if there is no task. Errors: `ec::invalid_argument`, `ec::invalid_text`.
[[nodiscard]] caf::error check(const chunked_index& what);

[[nodiscard]] caf::error check(const remove_document& what);

[[nodiscard]] caf::error check(const chunked_job& what);

/// Returns `path` as an absolute path; an empty one stays empty.
std::string absolute_path(const std::string& path);

/// Returns the paths of the files that SQLite and the owner's lock need for the
/// database at `path`. They must not be read, because closing one drops its
/// locks.
std::vector<std::string> files_of_database(const std::string& path);

} // namespace onewriter
