#pragma once

#include "onewriter/client.hpp"

#include <cstdint>
#include <string>

namespace onewriter::node {

/// What there is in a file when a run begins.
struct prepared_file {
  /// Number of the run.
  int64_t run = 0;
  /// The greatest number of a file; 0 if there is none.
  int64_t last_file = 0;
  /// Domain updates of earlier runs.
  uint64_t versions = 0;
};

/// Creates the node's tables where they do not exist, and enters a new run for
/// the tree `root`. Throws a `run_failure` where that fails, and where the file
/// `path`, which `db` is about, has tables of another program.
[[nodiscard]] prepared_file prepare_file(client& db, const std::string& path,
                                         const std::string& root);

} // namespace onewriter::node
