#pragma once

#include "actors/index/tables/version_store.hpp"
#include "onewriter/failure.hpp"

#include <string>
#include <vector>

namespace onewriter {

/// Fails if the name of an index or the key of a document is out of range.
/// Errors: `ec::invalid_argument`, `ec::invalid_text`.
[[nodiscard]] caf::error check(const document_name& name);

/// Returns `path` as an absolute path; an empty one stays empty.
std::string absolute_path(const std::string& path);

/// Returns the paths of the files that SQLite and the owner's lock need for the
/// database at `path`. They must not be read, because closing one drops its
/// locks.
std::vector<std::string> files_of_database(const std::string& path);

} // namespace onewriter
