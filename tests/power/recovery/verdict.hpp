#pragma once

#include "onewriter/options.hpp"
#include "tests/power/recovery/found_file.hpp"
#include "tests/power/run_ledger.hpp"

#include <set>
#include <string>
#include <vector>

namespace onewriter::test {

/// How the file that is found compares with the replies.
struct verdict {
  /// Empty where everything that was promised holds.
  std::vector<std::string> problems;
  /// Writes and their commits that were acknowledged before the power cut, and
  /// those of them that are not there.
  uint64_t acknowledged = 0;
  uint64_t lost = 0;
  uint64_t lost_commits = 0;
};

/// Returns the versions of the document that may be there where the power was
/// cut instead of change number `cut`.
std::set<uint64_t> possible_versions(const run_ledger& ledger, size_t cut);

/// Whether an index job had been asked for and not been confirmed when the
/// power was cut instead of change number `cut`.
bool was_indexing(const run_ledger& ledger, size_t cut);

/// Compares. The power was cut instead of change number `cut`. With
/// `synchronous::normal` the last commits may be missing.
verdict verify(const found_file& found, const run_ledger& ledger, size_t cut,
               enum synchronous level);

} // namespace onewriter::test
