#pragma once

#include <string>

namespace onewriter::node {

/// Returns the tree to store, as an absolute path without links: `asked`, or
/// where that is empty /usr/share/doc, or where that has no files the working
/// directory. Error: `ec::invalid_argument`.
[[nodiscard]] caf::expected<std::string> choose_tree(const std::string& asked);

/// Returns the database file: `asked`, or where that is empty a file in a new
/// temporary folder. The folder is an absolute path without links. Errors:
/// `ec::invalid_argument`, `ec::cannot_open`.
[[nodiscard]] caf::expected<std::string>
choose_database(const std::string& asked);

} // namespace onewriter::node
