#pragma once

#include <string>
#include <vector>

namespace onewriter::test {

/// Returns every kind of statement of SQLite's grammar that can name an object,
/// with `@` where the name stands. The statements of one write are separated by
/// `;;`. The table `t(a INTEGER PRIMARY KEY, b)`, the view `v` of it and the
/// virtual table `f(x)` are there, and no other names are taken.
std::vector<std::string> statement_kinds();

/// Returns every way to spell `name` as the name of an object.
std::vector<std::string> spellings(const std::string& name);

/// Returns `kind` with `name` for each `@`.
std::string with_name(const std::string& kind, const std::string& name);

} // namespace onewriter::test
