#pragma once

#include "app/remote/remote_listener.hpp"
#include "app/serve/serve_arguments.hpp"
#include "app/serve/serve_config.hpp"
#include "app/serve/served_database.hpp"
#include "app/serve/service_events.hpp"
#include "app/serve/service_log.hpp"
#include "app/serve/service_manager.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace onewriter::node {

/// A running service: its databases, and what it tells its manager. Belongs to
/// one thread, which is no actor.
class service {
public:
  service(caf::actor_system& sys, serve_config& cfg, const serve_request& asked,
          service_log_ptr log, service_events& events);

  /// Opens the databases, and serves them until the end. Returns the exit
  /// status.
  int run();

private:
  using time_point = service_events::time_point;

  // -- opening ---------------------------------------------------------------

  int open_all();

  int open_one(const std::string& path);

  int listen();

  // -- serving ---------------------------------------------------------------

  int serve();

  /// Returns the next event; until then it tells the manager that all
  /// is well.
  service_event next_event();

  bool all_answer();

  void reload();

  // -- the end ---------------------------------------------------------------

  void drain();

  void close_all(std::chrono::nanoseconds limit);

  void tell(const std::string& assignments);

  caf::actor_system& sys_;
  serve_config& cfg_;
  const serve_request& asked_;
  service_log_ptr log_;
  service_events& events_;
  service_manager manager_;
  std::vector<std::unique_ptr<served_database>> databases_;
  std::unique_ptr<remote_listener> listener_;
  // When the manager expects a sign of life next.
  std::optional<time_point> next_sign_;
  bool is_closing_ = false;
  // Set by the thread that drains, and read when it has ended.
  bool has_failed_to_close_ = false;
};

} // namespace onewriter::node
