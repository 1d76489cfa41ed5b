#pragma once

#include <chrono>
#include <string>

namespace onewriter::node {

/// What `onewriter audit` was asked for. One of `file` and `source` is given.
struct audit_options {
  /// A database.
  std::string file;
  /// The folder of a source tree.
  std::string source;
  /// Checks the whole file, also one that is in use.
  bool integrity = false;
  /// For how long the check of the file runs at most. The default is short,
  /// because a check of a file in use is a reader that holds the log.
  std::chrono::nanoseconds integrity_time = std::chrono::seconds{10};
  /// Prints one JSON object instead of a report.
  bool json = false;
};

} // namespace onewriter::node
