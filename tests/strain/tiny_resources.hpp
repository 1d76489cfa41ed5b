#pragma once

#include "onewriter/options.hpp"

#include <string>

namespace onewriter::test {

/// Makes every resource of a database as small as it may be: a page cache of
/// about ten pages of 512 bytes, two prepared statements, turns of three
/// requests, a checkpoint every eight pages, results of at most 1 MB. What is
/// changed then does not fit into the cache, and pages are spilled to the log
/// before the commit.
void make_tiny(options& to);

/// Creates a database with pages of 512 bytes, by SQLite alone; does nothing
/// where there is a file. Throws `std::runtime_error`.
void create_tiny_file(const std::string& path);

} // namespace onewriter::test
