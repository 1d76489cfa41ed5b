#pragma once

#include "actors/sqlite/access/connection_options.hpp"

#include <string>
#include <string_view>

namespace onewriter::sqlite {

/// Returns why users of a connection may not run the PRAGMA `name`, with an
/// argument or without, and what to do instead; empty if they may. PRAGMAs that
/// are not on the list of `pragma_rules.cpp` are refused: new versions of
/// SQLite bring new PRAGMAs.
std::string pragma_refusal(enum role role, std::string_view name,
                           bool has_argument);

/// Returns whether two names are the same to SQLite, which ignores the case of
/// ASCII letters.
bool is_same_name(std::string_view x, std::string_view y);

} // namespace onewriter::sqlite
