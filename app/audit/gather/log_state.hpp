#pragma once

#include "app/audit/core/facts.hpp"

#include <optional>
#include <string>

namespace onewriter::node {

/// Returns whether a file that begins with `bytes` is a log.
[[nodiscard]] bool begins_as_log(const std::string& bytes);

/// Reads the index of the log of the database at `path`. Empty if there is
/// none, or if its two headers differ whenever one looks, as while a process
/// that changes it is stopped. Takes no lock and maps nothing.
[[nodiscard]] std::optional<index_facts> read_index(const std::string& path);

/// Reads the log of the database at `path`: if `is_live`, a process has its
/// index open, what the index tells; else, and where that changes all the time,
/// the headers of the log and of its frames, of the first four million, up to
/// the last commit. Does not read pages.
[[nodiscard]] log_facts read_log(const std::string& path, bool is_live);

/// Takes `bytes`, the beginning of an index, apart; nothing if its two headers
/// differ or no SQLite has written it.
[[nodiscard]] std::optional<index_facts> parse_index(const std::string& bytes);

} // namespace onewriter::node
