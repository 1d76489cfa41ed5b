#pragma once

#include "actors/sqlite/connection.hpp"
#include "onewriter/dead_letter.hpp"

namespace onewriter {

// Dead letters live in three tables, one row per letter, statement and value,
// so that they can be read with any SQLite tool and each value keeps its type.

/// Stores a new letter; its `id` is ignored. Inside the caller's transaction,
/// on the writer's connection.
[[nodiscard]] caf::error store_letter(sqlite::connection& db,
                                      const dead_letter& letter);

/// Records that another attempt of a letter failed.
[[nodiscard]] caf::error update_letter(sqlite::connection& db,
                                       const dead_letter& letter);

/// Returns the letter with this number. Error: `ec::no_such_dead_letter`.
[[nodiscard]] caf::expected<dead_letter> load_letter(sqlite::connection& db,
                                                     int64_t id);

/// Removes a letter. Error: `ec::no_such_dead_letter`.
[[nodiscard]] caf::error remove_letter(sqlite::connection& db, int64_t id);

/// Returns letters in the order of their numbers, at most `max_bytes` in total,
/// except that the first one is always included without its values; also on a
/// reader's connection. Errors: `ec::invalid_argument`, and
/// `ec::deadline_exceeded` at the run deadline of `db`.
[[nodiscard]] caf::expected<dead_letters>
list_letters(sqlite::connection& db, const list_dead_letters& what,
             uint64_t max_bytes);

/// Returns how many letters there are.
[[nodiscard]] caf::expected<uint64_t> count_letters(sqlite::connection& db);

} // namespace onewriter
