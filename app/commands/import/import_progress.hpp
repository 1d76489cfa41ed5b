#pragma once

#include "onewriter/client.hpp"

#include <cstdint>
#include <optional>
#include <string>

// How far an import is, which is stored in the transactions that add the rows:
// in the table `import_progress`, with a row for each table and file. Its name
// does not begin with `onewriter_`, because those tables are read-only to what
// other processes send.

namespace onewriter::node {

inline constexpr const char* progress_table = "import_progress";

/// Which file goes into which table.
struct import_key {
  std::string table;
  /// The absolute path.
  std::string source;
};

/// How far an import is.
struct import_progress {
  /// Where the first record begins that is neither in the table nor rejected.
  uint64_t offset = 0;
  uint64_t line = 1;
  /// SHA-256 of the file up to `offset`, in hexadecimal digits: an import does
  /// not go on in a file that was changed there.
  std::string digest;
  uint64_t rows = 0;
  uint64_t rejected = 0;
  /// Where rejected lines are, and the size of that file with all of them.
  std::string rejects_file;
  uint64_t rejects_bytes = 0;
};

/// Returns what the file knows about `key`; nothing for an import that has not
/// begun.
[[nodiscard]] caf::expected<std::optional<import_progress>>
find_progress(client& db, const import_key& key);

/// Returns statements that begin an import, in place of the earlier one that
/// has stopped at offset `before`; nothing means that there is none. They fail
/// where that is not so any more: writes of a process that was killed may still
/// be on their way.
[[nodiscard]] std::vector<statement>
beginning_of(const import_key& key, const std::string& rejects_file,
             std::optional<uint64_t> before);

/// Returns a statement that puts `now` in the place of the progress at offset
/// `before`. It fails where the progress is not there: then another process
/// has imported these rows.
[[nodiscard]] statement step_of(const import_key& key, uint64_t before,
                                const import_progress& now);

} // namespace onewriter::node
