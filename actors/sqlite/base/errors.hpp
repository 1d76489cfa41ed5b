#pragma once

#include "onewriter/failure.hpp"

#include <cstdint>
#include <string>
#include <string_view>

struct sqlite3;

namespace onewriter::sqlite {

/// Maps an extended result code of SQLite (https://sqlite.org/rescode.html) to
/// an error code for callers. An interrupt is `ec::run_limit_exceeded`; a
/// reader turns that into `ec::deadline_exceeded`.
ec ec_of(int extended_code);

/// Makes an error from the result `extended_code` of the last call on `db`:
/// SQLite's message with advice. `db` may be null. `sql` is the statement, of
/// which at most 1,000 bytes are kept.
caf::error make_error(sqlite3* db, int extended_code,
                      std::string_view sql = {});

/// Makes an error of code `code` about the statement `sql`.
caf::error make_error(ec code, std::string message, std::string_view sql,
                      int extended_code = 0);

/// Returns `err` with `index` as the position of the statement in its request,
/// from 0.
caf::error at_statement(const caf::error& err, int32_t index);

/// Returns `message` with every word that also occurs in the bound text `text`
/// replaced by "...". SQLite quotes pieces of values in some messages (a search
/// expression, a JSON path), and values must not get into errors. Words that
/// occur in `sql` stay.
std::string without_words_of(std::string_view text, std::string_view sql,
                             std::string_view message);

/// Returns `ec::corrupt` for `ec::not_a_database`, which SQLite reports for
/// damage in a file that was a database; other errors unchanged.
caf::error as_damage(const caf::error& err);

/// Returns whether a connection is unreliable after an error with this code: it
/// has to be closed and opened again.
bool is_fatal(ec code);

/// Returns whether the same request may succeed later, unchanged: another
/// program holds the lock, the disk is full, the operating system failed, or
/// memory was short.
bool is_transient(ec code);

/// Returns whether a request that failed with this code will always fail again,
/// although the database itself is intact, so that waiting is useless.
bool is_lasting(ec code);

} // namespace onewriter::sqlite
