#pragma once

#include "actors/database/database_context.hpp"
#include "actors/index/indexer.hpp"
#include "actors/reader/reader_pool.hpp"
#include "actors/supervision/supervisor.hpp"
#include "actors/writer/sqlite_writer.hpp"

#include <functional>

namespace onewriter {

/// The actors below a database: its supervisor and the writer, the reader pool
/// and the indexer that this restarts. Starts them, and knows which of them are
/// there. Belongs to the database actor.
class database_children {
public:
  // What the supervisor calls them.
  static constexpr const char* writer_id = "writer";
  static constexpr const char* readers_id = "readers";
  static constexpr const char* indexer_id = "indexer";

  explicit database_children(const database_context& context)
    : context_{context} {
    // nop
  }

  // -- starting and stopping -------------------------------------------------

  /// Starts the supervisor and the writer.
  void start();

  /// Starts the reader pool and the indexer. They need a file that has a
  /// write-ahead log, so a writer comes first. `on_failure` gets the reason if
  /// one of them cannot be started.
  void start_others(const std::function<void(caf::error)>& on_failure);

  bool others_started() const {
    return others_started_;
  }

  /// Whether both have been there since.
  bool others_have_been_there() const {
    return others_have_been_there_;
  }

  /// Tells all to end, without waiting.
  void stop();

  /// Forgets all but the supervisor. The readers refuse requests with `reason`
  /// from now on.
  void abandon(const caf::error& reason);

  // -- who is there ----------------------------------------------------------

  // Handles are empty while the actor is not there.

  const supervisor_actor& supervisor() const {
    return supervisor_;
  }

  /// The writer that had the file open last, which may have failed since.
  const sqlite_writer_actor& writer() const {
    return writer_;
  }

  const reader_pool_actor& readers() const {
    return readers_;
  }

  const indexer_actor& indexer() const {
    return indexer_;
  }

  // -- coming and going ------------------------------------------------------

  /// Updates the reader pool or the indexer.
  void update(const child_event& event);

  void forget_supervisor();

  void forget_readers_and_indexer();

  /// `who` has the file open.
  void writer_is_ready(sqlite_writer_actor who);

  /// `who` has failed, and waits for `hand_over`. Returns whether it or one
  /// before it had the file open since the last call.
  bool writer_has_failed(sqlite_writer_actor who);

  /// Has the readers close their connections; then the database gets
  /// `readers_released`.
  void release_readers();

  /// Lets a failed writer end: nothing more is sent to it.
  void hand_over();

  /// Lets the failed reader pool `who` end likewise.
  void hand_over(const caf::actor& who);

private:
  child_spec writer_spec() const;

  child_spec readers_spec() const;

  child_spec indexer_spec() const;

  void ask_for(const child_spec& spec,
               const std::function<void(caf::error)>& on_failure);

  const database_context& context_;
  supervisor_actor supervisor_;
  sqlite_writer_actor writer_;
  reader_pool_actor readers_;
  indexer_actor indexer_;
  // A failed writer, while the readers close their connections.
  sqlite_writer_actor leaving_;
  bool others_started_ = false;
  bool others_have_been_there_ = false;
  bool writer_was_ready_ = false;
};

} // namespace onewriter
