#pragma once

#include "actors/core/pending_write.hpp"
#include "actors/sqlite/schema.hpp"
#include "actors/supervision/supervision.hpp"
#include "messages/private_message.hpp"
#include "onewriter/compat/interface.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

// Messages from the actors of one database to the one that its callers send to,
// and messages that several of them receive.

namespace onewriter {

/// Requests that a failed writer could not finish, in order.
struct returned_requests {
  std::vector<pending_write_ptr> items;
};

/// The writer's connection is open. An uncertain commit can be resolved by
/// comparing its token with `stored`.
struct writer_ready {
  database_info info;
  /// The commit token of the last batch in the file.
  sqlite::commit_token stored;
  /// Whether everything in the file is known to be synced; if not, a batch
  /// found there may still be lost.
  bool synced = false;
};

/// The writer's connection failed: it hands back all of its requests right
/// after this message, and keeps handing back until it gets `handover_done`.
struct writer_failed {
  caf::error reason;
  /// Whether all connections have to be closed before the next writer opens the
  /// file: see `reader_gate`.
  bool is_index_suspect = false;
};

/// The writer closed the file.
struct writer_closed {
  bool drained = false;
  uint64_t refused = 0;
  bool log_removed = false;
  uint64_t commit = 0;
};

/// The reader pool has failed. Until `handover_done` it answers requests with
/// its reason; then it terminates.
struct readers_failed {};

/// All reader connections are closed, as the failed writer has requested.
struct readers_released {};

/// The outcomes of a batch. `returned` are the messages that a failing writer
/// did not run.
struct best_effort_done {
  uint64_t written = 0;
  uint64_t failed = 0;
  uint64_t unknown = 0;
  std::vector<best_effort> returned;
  std::vector<pending_write::clock::time_point> returned_arrived;
};

/// A request took longer than any before.
struct longest_write_seen {
  longest_write what;
};

/// A statement took longer than the threshold. Sent by the writer and the
/// readers.
struct slow_statement_seen {
  std::chrono::nanoseconds duration{0};
  std::string sql;
  /// As in `slow_request`.
  std::string lane;
};

/// Another process was dropped, or not let in: sent by the gate to the database
/// that it leads to.
struct process_turned_away {
  bool had_joined = false;
  /// Which process, and why.
  std::string what;
};

/// Sent by the timer of the database: compares measured values with thresholds.
struct check_alerts {};

/// Sent by the database to itself: sends the requests accepted since the last
/// one.
struct flush_work {};

/// The database sends nothing more to this writer or reader pool, which may
/// terminate.
struct handover_done {};

/// Tells the reader pool, which tells its readers, to close their connections;
/// each opens a new one as soon as `metrics::gate` allows.
struct release_connections {};

/// Sent by the writer to itself: tries to open the file.
struct open_file {};

} // namespace onewriter

ONEWRITER_BEGIN_MESSAGES(core, 110)
ONEWRITER_MESSAGE(core, pending_write_ptr)
ONEWRITER_MESSAGE(core, returned_requests)
ONEWRITER_MESSAGE(core, writer_ready)
ONEWRITER_MESSAGE(core, writer_failed)
ONEWRITER_MESSAGE(core, writer_closed)
ONEWRITER_MESSAGE(core, readers_failed)
ONEWRITER_MESSAGE(core, readers_released)
ONEWRITER_MESSAGE(core, best_effort_done)
ONEWRITER_MESSAGE(core, longest_write_seen)
ONEWRITER_MESSAGE(core, slow_statement_seen)
ONEWRITER_MESSAGE(core, check_alerts)
ONEWRITER_MESSAGE(core, flush_work)
ONEWRITER_MESSAGE(core, handover_done)
ONEWRITER_MESSAGE(core, release_connections)
ONEWRITER_MESSAGE(core, open_file)
ONEWRITER_MESSAGE(core, process_turned_away)
ONEWRITER_END_MESSAGES(core, 130)

namespace onewriter {

/// The interface of the database for its own actors. A pending_write_ptr that
/// arrives here is forwarded to the writer, or kept until there is one.
struct database_core_trait {
  using signatures = compat::type_list<
    caf::result<write_receipt>(pending_write_ptr),
    caf::result<void>(returned_requests), caf::result<void>(writer_ready),
    caf::result<void>(readers_failed), caf::result<void>(writer_failed),
    caf::result<void>(writer_closed), caf::result<void>(readers_released),
    caf::result<void>(best_effort_done), caf::result<void>(longest_write_seen),
    caf::result<void>(slow_statement_seen), caf::result<void>(child_event),
    caf::result<void>(process_turned_away), caf::result<void>(check_alerts),
    caf::result<void>(flush_work)>;
};

using database_core_actor = compat::handle<database_core_trait>;

} // namespace onewriter
