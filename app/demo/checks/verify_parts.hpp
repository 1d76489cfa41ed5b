#pragma once

#include "actors/console/format.hpp"
#include "app/core/raw_file.hpp"
#include "app/demo/checks/checks.hpp"
#include "app/demo/swarm/expected_state.hpp"

#include <string>
#include <utility>

// The parts of `verify_file`. Each function compares a part of the file with
// the replies that the actors got, and throws if the file cannot be read.

namespace onewriter::node {

/// Returns a check that holds if nothing of what was counted is `wrong`.
[[nodiscard]] inline check counted(std::string name, uint64_t wrong,
                                   std::string detail) {
  if (wrong > 0)
    detail = with_separators(wrong) + " wrong";
  return {std::move(name), wrong == 0, std::move(detail)};
}

// -- what peers did ---------------------------------------------------------------

[[nodiscard]] checks verify_sessions(raw_file& file,
                                     const expected_state& what);

[[nodiscard]] checks verify_peers(raw_file& file, const expected_state& what);

[[nodiscard]] checks verify_domains(raw_file& file, const expected_state& what);

[[nodiscard]] checks verify_updates(raw_file& file, const expected_state& what);

// -- what was stored and indexed ----------------------------------------------------

[[nodiscard]] checks verify_blocks(raw_file& file,
                                   const check_progress& progress);

[[nodiscard]] checks verify_files(raw_file& file, const expected_state& what);

[[nodiscard]] checks verify_contents(raw_file& file, const expected_state& what,
                                     const check_progress& progress);

[[nodiscard]] checks verify_documents(raw_file& file,
                                      const expected_state& what);

} // namespace onewriter::node
