#pragma once

#include "actors/sqlite/connection.hpp"
#include "actors/sqlite/schema.hpp"
#include "actors/writer/sqlite_writer.hpp"
#include "onewriter/maintenance.hpp"
#include "onewriter/options.hpp"

#include <atomic>
#include <memory>

namespace onewriter {

/// The writer's connection and the state found in the file.
struct owned_file {
  std::unique_ptr<sqlite::connection> connection;
  database_info info;
  /// The commit token of the last batch in the file.
  sqlite::commit_token stored;
  /// Whether everything in the file is known to be synced.
  bool synced = true;
};

/// Opens the file as its only writer: takes the owner's lock, checks its
/// preconditions, prepares onewriter's tables. After a failure (`last_reason`)
/// it also checks the integrity of the file after `ec::corrupt`, and makes sure
/// that the remains of a failed commit are on disk. `has_readers`: whether
/// reader connections have kept the file open since a writer had, so that no
/// other program may have removed its log. `closing`: stops requests while it
/// is true; may be null, and otherwise has to outlive the connection. Errors:
/// `ec::busy` while another program has a lock, which is temporary; all others
/// are not.
[[nodiscard]] caf::expected<owned_file>
open_owned_file(const options& opts, writer_handover& estate, bool has_readers,
                const caf::error& last_reason,
                const std::atomic<bool>* closing = nullptr);

} // namespace onewriter
