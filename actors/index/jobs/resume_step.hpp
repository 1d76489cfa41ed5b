#pragma once

#include "actors/index/jobs/index_step.hpp"
#include "actors/index/tables/version_store.hpp"
#include "onewriter/index.hpp"

#include <utility>
#include <vector>

namespace onewriter {

/// Finds the jobs that an earlier process left unfinished. Jobs from files are
/// continued; the others become garbage, since their text is lost.
class resume_step : public index_step {
public:
  /// The versions of `active` belong to jobs of this process.
  explicit resume_step(std::vector<document_name> active)
    : active_{std::move(active)} {
    // nop
  }

  void run(sticky_sql& db) override;

  /// Requests like those that the jobs were started with.
  std::vector<chunked_index> found;

private:
  std::vector<document_name> active_;
};

} // namespace onewriter
