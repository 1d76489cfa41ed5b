#pragma once

#include "onewriter/write.hpp"

#include <string>

namespace onewriter::node {

/// Name of the full-text index.
inline constexpr const char* text_index = "files";

/// Creates the node's tables where they do not exist.
[[nodiscard]] write create_tables();

// -- a run of the demo ----------------------------------------------------------

inline constexpr const char* insert_run_sql
  = "INSERT INTO run(path, started_ms) VALUES(?, ?) RETURNING id";

// -- peers ----------------------------------------------------------------------

inline constexpr const char* upsert_peer_sql
  = "INSERT INTO peer(id, name, address, connects) VALUES(?, ?, ?, 1) "
    "ON CONFLICT(id) DO UPDATE SET address = excluded.address, "
    "connects = connects + 1";

inline constexpr const char* insert_session_sql
  = "INSERT INTO session(run, peer, number, started_ms) VALUES(?, ?, ?, ?) "
    "RETURNING id";

inline constexpr const char* find_session_sql
  = "SELECT peer, number FROM session WHERE id = ?";

inline constexpr const char* update_peer_sql
  = "UPDATE peer SET load = ?, update_run = ?, update_number = ? "
    "WHERE id = ?";

inline constexpr const char* upsert_domain_sql
  = "INSERT INTO domain(name, peer, version) VALUES(?, ?, 1) "
    "ON CONFLICT(name) DO UPDATE SET peer = excluded.peer, "
    "version = version + 1";

inline constexpr const char* list_peers_sql
  = "SELECT id, name, address, connects, load FROM peer "
    "ORDER BY connects DESC, id LIMIT 20";

inline constexpr const char* sum_versions_sql
  = "SELECT coalesce(sum(version), 0) FROM domain";

/// Parameter: the run. In the order that `session_audit` wants.
inline constexpr const char* all_sessions_sql
  = "SELECT peer, number, id FROM session WHERE run = ? "
    "ORDER BY peer, number, id";

// -- files ----------------------------------------------------------------------

inline constexpr const char* last_file_sql
  = "SELECT coalesce(max(id), 0) FROM file";

inline constexpr const char* insert_file_sql
  = "INSERT INTO file(id, run, path) VALUES(?, ?, ?)";

inline constexpr const char* insert_block_sql
  = "INSERT INTO block(hash, size, data) VALUES(?, ?, ?) "
    "ON CONFLICT(hash) DO NOTHING";

inline constexpr const char* insert_file_block_sql
  = "INSERT INTO file_block(file, position, hash) VALUES(?, ?, ?)";

/// A file has a hash once all of it is stored.
inline constexpr const char* complete_file_sql
  = "UPDATE file SET size = ?, hash = ?, is_text = ? WHERE id = ?";

inline constexpr const char* next_texts_sql
  = "SELECT id, path FROM file WHERE run = ? AND id > ? AND is_text = 1 "
    "ORDER BY id LIMIT 64";

inline constexpr const char* note_passages_sql
  = "UPDATE file SET passages = ? WHERE id = ?";

inline constexpr const char* first_bytes_sql
  = "SELECT substr(data, 1, 4096) FROM file_block JOIN block USING(hash) "
    "WHERE file = ? AND position = 0";

} // namespace onewriter::node
