#pragma once

#include "tests/power/disk/folders.hpp"
#include "tests/power/recovery/found_file.hpp"

#include <set>
#include <string>

namespace onewriter::test {

/// What a new system made of what a power cut had left.
struct recovery {
  found_file found;
  /// Whether an index job had begun and not ended.
  bool had_open_job = false;
  /// Whether it went on where the power cut had stopped it.
  bool resumed = false;
  /// What keeps the system from going on.
  std::vector<std::string> problems;
};

/// A write with a position in a session that was sent before the power cut.
struct repeated_write {
  uint64_t number = 0;
  uint32_t sender = 0;
  /// Whether it was acknowledged before, so that its receipt may be forgotten.
  bool is_answered = false;
};

/// Lets a new system, with options of its own, open `remains` in a folder in
/// `where`; looks at everything (`versions` of the document may be there),
/// indexes the last version where a job for it had begun or where
/// `repeats_jobs`, sends `repeated` again, writes, and closes. Looks with
/// SQLite alone before, at a copy, and afterwards.
recovery recover(caf::actor_system& sys, work_folder& where,
                 const std::string& documents, const folder_content& remains,
                 const std::set<uint64_t>& versions, bool repeats_jobs,
                 const std::vector<repeated_write>& repeated);

} // namespace onewriter::test
