#pragma once

#include "onewriter/client.hpp"
#include "onewriter/index.hpp"

#include <string>
#include <vector>

namespace onewriter::test {

/// Writes the document `name` into `folder`: text of which every passage holds
/// the name, and no other document does.
void write_document(const std::string& folder, const std::string& name);

/// Returns the request that puts the document into the index.
chunked_index indexing_of(const std::string& folder, const std::string& name);

/// Returns the names of all documents in `folder`.
std::vector<std::string> documents_in(const std::string& folder);

/// Returns how many passages of a document a search finds. Throws where it
/// fails.
uint64_t passages_found(client& db, const std::string& name);

} // namespace onewriter::test
