#pragma once

#include <cstddef>
#include <string_view>

// Looks at SQL as SQLite's own tokenizer does, as far as it takes to tell
// comments and quoted text from the rest. What a statement may do is never
// decided here: that is the authorizer's business.

namespace onewriter::sqlite {

/// Returns whether `sql` consists of white space, comments and semicolons.
bool is_blank(std::string_view sql);

/// Returns the keyword that `sql` starts with, behind what is blank; empty
/// where it starts with no letter.
std::string_view first_word(std::string_view sql);

/// Takes the first token off `sql`, behind what is blank: a word, a number, a
/// text in quotes with them, or a single character. Returns it; empty at the
/// end.
std::string_view take_token(std::string_view& sql);

/// Returns the number of `?` without a number in `sql`. SQLite does not tell
/// them from numbers that were left out: both have no name.
size_t count_nameless_parameters(std::string_view sql);

} // namespace onewriter::sqlite
