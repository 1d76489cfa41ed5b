#pragma once

#include "actors/console/styled_line.hpp"
#include "app/commands/output/json_text.hpp"
#include "onewriter/search.hpp"

#include <string>
#include <vector>

namespace onewriter::node {

/// Returns an FTS5 expression for passages that have all of `words`, each as
/// it is and no operator.
[[nodiscard]] std::string expression_of(const std::vector<std::string>& words);

/// Returns hits, best first: for each a line with its key and offset, and one
/// with the words around the match. Matches stand out where there are colours.
[[nodiscard]] std::vector<styled_line>
hit_lines(const std::vector<search_hit>& hits);

[[nodiscard]] json hit_json(const search_hit& x);

} // namespace onewriter::node
