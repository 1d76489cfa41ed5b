#pragma once

#include "app/remote/remote_listener.hpp"
#include "app/remote/secure/sealed_files.hpp"
#include "messages/compat/secure_port.hpp"

#include <caf/actor_system.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace onewriter::node {

/// Watches over a port that all can connect to: limits how many connections
/// there are, of strangers and in all, cuts off strangers that take too long,
/// and goes over to new TLS files between two connections.
class port_watch final : public compat::port_guard {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// How often connections that were turned away are logged at most.
  static constexpr std::chrono::seconds log_interval{10};

  /// `log` receives lines for people. Tests pass a clock of their own.
  port_watch(const listen_limits& limits, std::shared_ptr<sealed_files> files,
             std::function<void(const std::string&)> log,
             std::function<time_point()> clock
             = std::chrono::steady_clock::now);

  compat::port_visitor_ptr
  admit(caf::io::network::native_socket socket) override;

  /// Cuts off those who have not shown a certificate within
  /// `listen_limits::max_silence`: CAF looks only at those who have said
  /// something. Any thread may call it.
  void expire();

private:
  class visitor;

  struct visitor_list;

  void note_refusal(bool is_full);

  listen_limits limits_;
  std::shared_ptr<sealed_files> files_;
  std::function<void(const std::string&)> log_;
  std::function<time_point()> clock_;
  // Connections may outlive the port.
  std::shared_ptr<visitor_list> visitors_;
  // Turned away since the last line.
  uint64_t refused_ = 0;
  std::optional<time_point> last_line_;
};

/// Starts an actor that calls `port_watch::expire` every `interval`.
caf::actor spawn_expiry(caf::actor_system& sys,
                        std::shared_ptr<port_watch> watch,
                        std::chrono::nanoseconds interval);

} // namespace onewriter::node
