#pragma once

#include "actors/sqlite/connection.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace onewriter::sqlite {

/// Tables that belong together, and the history of their schema.
struct schema_part {
  /// Key of its version in `onewriter_meta`; never changes.
  std::string name;
  /// The script at position i migrates from version i to i + 1. Append only:
  /// files that exist went through the earlier ones.
  std::vector<const char*> scripts;
};

/// Creates onewriter's own tables or brings them to the current version, all in
/// one transaction; `parts` are those of other components, in this order. All
/// names begin with `onewriter_`, which users cannot write to. Errors:
/// `ec::newer_schema` if the file has a version that this program does not
/// know, and those of `connection::run`.
[[nodiscard]] caf::error
prepare_schema(connection& db, const std::vector<schema_part>& parts = {});

/// Identifies the last commit of a file. Stored in the transaction that it
/// names, it shows after a failed commit whether the transaction took effect.
struct commit_token {
  /// Number of the commit, from 1; 0 in a new file.
  uint64_t number = 0;
  /// Random, so that commits of two processes with one number differ.
  uint64_t nonce = 0;
};

inline bool operator==(const commit_token& x, const commit_token& y) {
  return x.number == y.number && x.nonce == y.nonce;
}

inline bool operator!=(const commit_token& x, const commit_token& y) {
  return !(x == y);
}

/// Returns the commit token of the last commit. Requires that `prepare_schema`
/// has run on the file. Error: `ec::corrupt` if there is no token.
[[nodiscard]] caf::expected<commit_token> load_commit_token(connection& db);

/// Stores the commit token in the open transaction. Changes
/// `connection::changes`.
[[nodiscard]] caf::error store_commit_token(connection& db, commit_token mark);

} // namespace onewriter::sqlite
