#pragma once

#include "actors/console/format.hpp"
#include "app/checks.hpp"
#include "app/evidence.hpp"
#include "app/raw_file.hpp"

#include <string>
#include <utility>

// What `verify_file` consists of. Each function compares a part of the file
// with what the actors were told, and throws where the file cannot be read.

namespace onewriter::node {

/// Returns a check that holds if nothing of what was counted is `wrong`.
[[nodiscard]] inline check counted(std::string name, uint64_t wrong,
                                   std::string detail) {
  if (wrong > 0)
    detail = with_separators(wrong) + " wrong";
  return {std::move(name), wrong == 0, std::move(detail)};
}

// -- what peers did ---------------------------------------------------------------

[[nodiscard]] checks verify_sessions(raw_file& file, const evidence& what);

[[nodiscard]] checks verify_peers(raw_file& file, const evidence& what);

[[nodiscard]] checks verify_domains(raw_file& file, const evidence& what);

[[nodiscard]] checks verify_updates(raw_file& file, const evidence& what);

// -- what was stored and indexed ----------------------------------------------------

[[nodiscard]] checks verify_blocks(raw_file& file,
                                   const check_progress& progress);

[[nodiscard]] checks verify_files(raw_file& file, const evidence& what);

[[nodiscard]] checks verify_contents(raw_file& file, const evidence& what,
                                     const check_progress& progress);

[[nodiscard]] checks verify_documents(raw_file& file, const evidence& what);

} // namespace onewriter::node
