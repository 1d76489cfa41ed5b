#pragma once

#include <cstdint>
#include <string>

namespace onewriter::test {

/// The index and the document that all jobs are about.
inline constexpr const char* index_name = "texts";
inline constexpr const char* document_key = "story";

/// A word that each passage of each version of the document holds.
inline constexpr const char* common_word = "everywhere";

/// A word that each passage of `version` holds, and no other.
std::string word_of(uint64_t version);

/// Returns a version of the document, from 1: about 100 kB. May be called from
/// any thread.
const std::string& document_text(uint64_t version);

} // namespace onewriter::test
