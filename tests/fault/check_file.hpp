#pragma once

#include "tests/fault/replies.hpp"
#include "tests/fault/script.hpp"

#include <string>
#include <vector>

namespace onewriter::test {

/// Compares the file with the replies to the callers of a script, through
/// SQLite alone and its default VFS. Returns what is wrong: with the writes
/// (`write_verifier.hpp`), best-effort messages that are older than what they
/// replaced, half documents, and damage (`soundness.hpp`).
std::vector<std::string> check_file(const std::string& path,
                                    const replies& heard, script_length length);

} // namespace onewriter::test
