#pragma once

#include "app/core/node_config.hpp"
#include "app/remote/remote_listener.hpp"
#include "app/serve/serve_messages.hpp"
#include "app/serve/service_log.hpp"
#include "onewriter/compat/setup.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace onewriter::node {

/// What the group `serve` of the configuration says.
struct serve_settings {
  log_settings log;
  /// Where to listen for other machines, `HOST:PORT`; empty means nowhere.
  std::string listen;
  listen_limits limits;
  /// How long what waits may be carried out at the end.
  std::chrono::nanoseconds drain_limit{std::chrono::seconds{30}};
  /// How often databases that have given up are opened again. With the pauses
  /// of the default, one that fails each time does so for about five minutes:
  /// time to bring a file back.
  restart_options restarts{10, std::chrono::minutes{10},
                           std::chrono::seconds{1}, std::chrono::minutes{1}};
};

/// The messages of a service; known before `config` is constructed.
using serve_types = compat::type_registrar<caf::id_block::onewriter_serve>;

/// The configuration of a service: CAF's options, those of the database, and
/// those of the service in the group `serve`.
class serve_config : serve_types, public node_config {
public:
  serve_config();

  /// As `node_config::read`. A configuration file that is named has to be
  /// there.
  [[nodiscard]] std::string read(std::vector<std::string> words);

  /// After `read`.
  const serve_settings& service() const {
    return settings_;
  }

private:
  std::string problem_of_settings();

  std::string problem_of_listening() const;

  serve_settings settings_;
  std::string level_ = "info";
  std::string format_ = "text";
};

/// Returns the names of the options that differ between two configurations that
/// have been read, separated by commas; without those of the log.
[[nodiscard]] std::string changed_options(const serve_config& before,
                                          const serve_config& now);

} // namespace onewriter::node
