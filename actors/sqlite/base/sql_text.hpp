#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Reads SQL like SQLite's own tokenizer, as far as needed to distinguish
// comments and quoted text from the rest. Permissions are never decided here
// but in the authorizer.

namespace onewriter::sqlite {

/// Returns whether `sql` consists of white space, comments and semicolons.
bool is_blank(std::string_view sql);

/// Returns whether `sql` ends within a comment that begins with `/*`.
bool has_open_comment(std::string_view sql);

/// Returns the keyword that `sql` starts with, after blanks; empty if it does
/// not start with a letter.
std::string_view first_word(std::string_view sql);

/// Removes the first token from `sql`, after blanks: a word, a number, a text
/// in quotes with them, or a single character. Returns it; empty at the end.
std::string_view take_token(std::string_view& sql);

/// Removes the first complete statement from `sql`, with its semicolon, and
/// returns it; empty where `sql` has none. What is complete, SQLite says
/// (https://sqlite.org/c3ref/complete.html): a trigger is with its END.
std::string take_statement(std::string& sql);

/// Returns the number of `?` without a number in `sql`. SQLite does not
/// distinguish them from omitted numbers: both have no name.
size_t count_nameless_parameters(std::string_view sql);

} // namespace onewriter::sqlite
