#pragma once

#include "tests/oracle/raw_database.hpp"

#include <string>
#include <vector>

namespace onewriter::test {

/// Returns what is wrong with a file, independent of its writes: damage that
/// SQLite finds in the database or in a full-text index of onewriter's, and
/// rows that requests have left which had to fail (`strain/burden.hpp`). Adds
/// nothing to the file. Throws where the file cannot be read.
std::vector<std::string> problems_of(raw_database& file);

/// Returns the number of the last commit in the file; 0 where onewriter has
/// made none.
uint64_t last_commit_of(raw_database& file);

/// A document that can be found.
struct indexed_document {
  std::string key;
  /// Its passages, one behind the other.
  std::string text;
};

/// Returns all documents of all indexes.
std::vector<indexed_document> documents_of(raw_database& file);

} // namespace onewriter::test
