#pragma once

#include "actors/supervision/supervisor.hpp"
#include "app/serve/serve_messages.hpp"
#include "app/serve/service_events.hpp"
#include "app/serve/service_log.hpp"
#include "onewriter/options.hpp"

#include <string>
#include <vector>

namespace onewriter::node {

/// A database that a service is to keep open.
struct served_file {
  /// What the log and other machines call it.
  std::string name;
  options opts;
  /// Whether a file that does not exist is created, the first time that it is
  /// opened: one that has gone later is a failure.
  bool may_create = false;
};

/// Interface of what learns of all that happens to the databases.
struct database_observer_trait {
  using signatures = compat::type_list<caf::result<void>(database_opened),
                                       caf::result<void>(database_lost),
                                       caf::result<void>(child_event)>;
};

using database_observer_actor = compat::handle<database_observer_trait>;

/// Whether opening a file again may succeed after this error without that a
/// person does something to the file or to the program.
[[nodiscard]] bool mends_itself(ec code);

/// The supervisor above the databases of a service, each of which has a tree of
/// its own. One that ends is opened again after a pause, and the others go on.
/// The restart intensity counts the failures of all of them together, but for
/// external conditions: a full disk, a lock, an I/O error, a process in the
/// way. Belongs to a thread that is no actor.
class database_supervisor {
public:
  /// Starts to open `files`. `events` gets `opened`, `down`, `lost`, and
  /// `failed` once the intensity was exceeded: from then on no database is
  /// opened again.
  database_supervisor(caf::actor_system& sys, const restart_options& restarts,
                      std::vector<served_file> files, service_log_ptr log,
                      service_events& events);

  database_supervisor(const database_supervisor&) = delete;

  database_supervisor& operator=(const database_supervisor&) = delete;

  /// Closes what is still open; requests that wait there are refused. Blocks.
  ~database_supervisor();

  /// Starts to open a database that was lost once more.
  void open_again(served_file what);

private:
  child_spec spec_of(served_file what) const;

  caf::actor_system& sys_;
  service_log_ptr log_;
  database_observer_actor observer_;
  supervisor_actor supervisor_;
};

} // namespace onewriter::node
