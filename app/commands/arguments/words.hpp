#pragma once

#include <string>
#include <vector>

// CLI11 gives some words of a command line a meaning of its own: a list in
// brackets becomes several words, `{}` becomes none, `++` ends a command, and
// what follows `--` may be read as an option of the program. Values must arrive
// unchanged.

namespace onewriter::node {

/// Marks those of `words` that are values also where they look like options:
/// all that follow `--`, which is left out, and those that CLI11 would change.
[[nodiscard]] std::vector<std::string>
protect(const std::vector<std::string>& words);

/// Returns `word` as the user has written it.
[[nodiscard]] std::string plain(const std::string& word);

} // namespace onewriter::node
