#pragma once

#include "actors/index/tables/document_version.hpp"
#include "actors/index/tables/garbage_store.hpp"
#include "actors/index/tables/sticky_sql.hpp"
#include "actors/text/passage_cutter.hpp"

#include <cstdint>
#include <string>
#include <vector>

// The versions of documents: the visible one, and the one that is being
// written. All functions run inside a transaction of the writer. All may run
// again in a later transaction, after a commit with an unknown outcome.

namespace onewriter {

/// Largest size of a passage. Part of the file format: the cuts of a document
/// must not change between two halves of a job.
inline constexpr size_t passage_bytes = 4096;

/// What `begin_version` found.
struct version_start {
  /// The visible version has this content already: there is nothing to do, and
  /// of the other members only `passages` and `left_garbage` are set.
  bool unchanged = false;
  uint64_t passages = 0;
  /// Some of the version was written before.
  bool resumed = false;
  /// A version of another content was being written and is garbage now.
  bool left_garbage = false;
  open_version version;
};

/// Begins to write a version, or continues one with the same content; one with
/// another content becomes garbage. Creates the index if there is none. `path`
/// is kept for `list_open_versions`; empty if the text came in a message.
version_start begin_version(sticky_sql& db, const document_name& name,
                            const std::string& path,
                            const document_digest& content);

/// Adds the passages that follow `at.next_passage`. Searches cannot find them
/// yet. Error: `ec::function_failed` if they do not match the stored version.
void add_passages(sticky_sql& db, const std::string& key,
                  const open_version& at, const std::vector<passage>& passages);

/// Makes the version visible, with the passages that it has so far. Returns
/// whether there was one before, which is garbage now.
bool publish_version(sticky_sql& db, const std::string& key,
                     const open_version& at, const document_digest& content);

/// Turns the version that is being written, if there is one, into garbage.
void discard_version(sticky_sql& db, const document_name& name);

/// Hides a document, all of its versions, and returns the resulting garbage;
/// none if the document does not exist. Error: `ec::no_such_index`.
std::vector<garbage_range> hide_document(sticky_sql& db,
                                         const document_name& name);

/// Returns name of the index, key and path of every version that is being
/// written.
[[nodiscard]] caf::expected<result_set>
list_open_versions(sqlite::connection& db);

} // namespace onewriter
