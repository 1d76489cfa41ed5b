#pragma once

#include "app/remote/remote_listener.hpp"
#include "app/serve/database_supervisor.hpp"
#include "app/serve/database_table.hpp"
#include "app/serve/serve_arguments.hpp"
#include "app/serve/serve_config.hpp"
#include "app/serve/service_events.hpp"
#include "app/serve/service_log.hpp"
#include "app/serve/service_manager.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace onewriter::node {

/// A running service: its databases, and what it tells its manager. Belongs to
/// one thread, which is no actor, and reacts to events.
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

  int choose_files();

  int choose_file(const std::string& path);

  int listen();

  /// Returns the exit status where it comes to an end before.
  std::optional<int> wait_until_open();

  // -- serving ---------------------------------------------------------------

  int serve();

  /// Returns the next event; until then it tells the manager that all
  /// is well.
  service_event next_event();

  bool all_answer();

  void note(service_event& what);

  void note_loss(service_event& what);

  void reload();

  void renew_certificates(const tls_files& files);

  void open_lost_again();

  // -- the end ---------------------------------------------------------------

  void start_draining();

  void drain(const std::map<std::string, database_table::entry>& what,
             std::chrono::nanoseconds limit);

  void tell(const std::string& assignments);

  caf::actor_system& sys_;
  serve_config& cfg_;
  const serve_request& asked_;
  service_log_ptr log_;
  service_events& events_;
  service_manager manager_;
  std::vector<served_file> files_;
  database_table databases_;
  std::optional<database_supervisor> supervisor_;
  std::unique_ptr<remote_listener> listener_;
  // When the manager expects a sign of life next.
  std::optional<time_point> next_sign_;
  std::thread closing_;
  bool is_ready_ = false;
  bool is_closing_ = false;
  // Set by the thread that drains, and read when it has ended.
  bool has_failed_to_close_ = false;
};

} // namespace onewriter::node
