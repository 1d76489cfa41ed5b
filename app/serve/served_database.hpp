#pragma once

#include "app/serve/service_log.hpp"
#include "onewriter/options.hpp"
#include "onewriter/protocol.hpp"

#include <functional>
#include <memory>
#include <string>

namespace onewriter::node {

/// A database that a service keeps open, owned by this process or another one.
/// Its events and its alerts go to the log of the service. Belongs to the
/// thread that opens it, which is no actor.
class served_database {
public:
  /// `name` is what the log calls it. `on_failure` is called where the database
  /// has given up, possibly more than once and on any thread. Errors: those of
  /// `onewriter::open`.
  static caf::expected<std::unique_ptr<served_database>>
  open(caf::actor_system& sys, options opts, std::string name,
       service_log_ptr log, std::function<void()> on_failure);

  served_database(const served_database&) = delete;

  served_database& operator=(const served_database&) = delete;

  /// Closes the database; what still waits is refused.
  ~served_database();

  const std::string& name() const {
    return name_;
  }

  const database_actor& handle() const {
    return database_;
  }

  /// Ends the subscription to its alerts, before it is closed.
  void stop_watching();

private:
  served_database(caf::actor_system& sys, std::string name,
                  database_actor database);

  caf::actor_system& sys_;
  std::string name_;
  database_actor database_;
  caf::actor watcher_;
};

} // namespace onewriter::node
