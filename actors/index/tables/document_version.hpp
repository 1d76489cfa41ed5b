#pragma once

#include "actors/text/sha256.hpp"

#include <cstdint>
#include <string>

namespace onewriter {

/// Identifies a document within a file.
struct document_name {
  std::string index;
  std::string key;
};

inline bool operator==(const document_name& x, const document_name& y) {
  return x.index == y.index && x.key == y.key;
}

/// Identifies the content of a version of a document.
struct document_digest {
  sha256_digest hash{};
  uint64_t bytes = 0;
};

/// A version of a document that is being written.
struct open_version {
  int64_t index_id = 0;
  /// Numbers that are reserved for its passages.
  int64_t first_passage = 0;
  int64_t end_passage = 0;
  /// Where to continue.
  int64_t next_passage = 0;
  uint64_t next_offset = 0;
};

} // namespace onewriter
