#pragma once

#include "app/audit/core/facts.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace onewriter::node {

struct mapped_program;

/// Finds the SQLite that processes have loaded: as a shared library, or within
/// their program. Reads each file once, however many processes have loaded it.
class library_scan {
public:
  /// Returns what the process at `process`, for instance "/proc/123", has
  /// loaded. Empty if its memory map or its files cannot be read.
  std::vector<sqlite_copy> of(const std::string& process);

private:
  std::optional<sqlite_copy> look_into(const std::string& process,
                                       const mapped_program& program);

  std::vector<std::pair<sqlite::file_identity, std::optional<sqlite_copy>>>
    known_;
};

} // namespace onewriter::node
