#pragma once

#include "actors/index/tables/document_version.hpp"
#include "actors/index/tables/garbage_store.hpp"
#include "actors/index/tables/sticky_sql.hpp"

#include <cstdint>
#include <optional>
#include <string>

// The rows of indexes, documents and versions. All functions run inside a
// transaction of the writer.

namespace onewriter {

/// The visible version of a document.
struct stored_document {
  document_digest content;
  garbage_range passages;
};

/// The version of a document that is being written.
struct stored_version {
  document_digest content;
  open_version where;
};

std::optional<int64_t> find_index(sticky_sql& db, const std::string& name);

/// Returns the number of an index, which is created if there is none; 0 after
/// an error.
int64_t find_or_add_index(sticky_sql& db, const std::string& name);

std::optional<stored_document> find_document(sticky_sql& db, int64_t index_id,
                                             const std::string& key);

/// Stores a visible version, in the place of an earlier one.
void store_document(sticky_sql& db, const std::string& key,
                    const stored_document& what);

void erase_document(sticky_sql& db, int64_t index_id, const std::string& key);

std::optional<stored_version> find_version(sticky_sql& db, int64_t index_id,
                                           const std::string& key);

/// Reserves numbers for `passages` passages and stores a version that has none
/// of them yet. Returns where it begins.
open_version add_version(sticky_sql& db, int64_t index_id,
                         const std::string& key, const std::string& path,
                         const document_digest& content, int64_t passages);

/// Stores that the text of a version is now read from `path`.
void move_version(sticky_sql& db, int64_t index_id, const std::string& key,
                  const std::string& path);

/// Stores where to continue.
void advance_version(sticky_sql& db, const std::string& key,
                     const open_version& to);

void erase_version(sticky_sql& db, int64_t index_id, const std::string& key);

} // namespace onewriter
