#pragma once

#include "tests/fault/script.hpp"
#include "tests/fault/told.hpp"

#include <string>
#include <vector>

namespace onewriter::test {

/// How much a file may have forgotten.
enum class memory : uint8_t {
  /// Everything that was acknowledged is there.
  complete,
  /// The last commits may be gone: all after some commit, and no other ones.
  until_some_commit,
};

/// Compares the file with the replies to the callers of a script, through
/// SQLite alone and its default VFS. Returns what is wrong: acknowledged writes
/// that are missing or there twice, refused ones that are there, half ones, an
/// order that is not that of the sender, best-effort messages that are older
/// than what they replaced, half documents, and what SQLite itself finds.
std::vector<std::string> check_file(const std::string& path, const told& what,
                                    script_length length = script_length::full,
                                    memory extent = memory::complete);

} // namespace onewriter::test
