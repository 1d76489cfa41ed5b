// A port of CAF's middleman over TLS that counts its connections, for CAF 0.17
// and 1.x.
#pragma once

#include "messages/compat/guarded_port.hpp"
#include "messages/compat/secure_stream.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace onewriter::compat {

/// What watches over a port. Called by the thread of the middleman.
class port_guard {
public:
  virtual ~port_guard() = default;

  /// Returns who has come with this socket, which is open for as long as the
  /// visitor exists; nothing where the connection is to be closed at once,
  /// before TLS has done anything for it. A session of TLS is made when this
  /// has returned, and by no other thread.
  virtual port_visitor_ptr admit(caf::io::network::native_socket socket) = 0;
};

/// Makes connections over TLS of those that the guard admits.
class secure_doorman final : public caf::io::network::doorman_impl {
public:
  secure_doorman(secure_scribe::multiplexer& mpx,
                 caf::io::network::native_socket port,
                 std::shared_ptr<port_guard> guard)
    : doorman_impl{mpx, port},
      guard_{std::move(guard)} {
    // nop
  }

  bool new_connection() override {
    namespace net = caf::io::network;
    auto socket = acceptor_.accepted_socket();
    auto visitor = detached() ? nullptr : guard_->admit(socket);
    if (visitor)
      net::nonblocking(socket, true);
    auto session
      = visitor ? caf::openssl::make_session(parent()->system(), socket, true)
                : nullptr;
    if (!session) {
      // Before its number can be another one's.
      visitor.reset();
      net::close_socket(socket);
      return !detached();
    }
    auto& mpx = acceptor_.backend();
    auto made = caf::make_counted<secure_scribe>(
      mpx, socket,
      secure_stream_policy{std::move(session), std::move(visitor)});
    auto handle = made->hdl();
    parent()->add_scribe(std::move(made));
    return doorman::new_connection(&mpx, handle);
  }

private:
  std::shared_ptr<port_guard> guard_;
};

/// Publishes `whom` over TLS at this port of `host`, watched over by `guard`;
/// at one that the system chooses where `port` is 0. `load_tls` has said with
/// which files. Blocks.
template <class Handle>
caf::expected<uint16_t>
publish_over_tls(caf::actor_system& sys, const Handle& whom, uint16_t port,
                 const std::string& host, std::shared_ptr<port_guard> guard) {
  using middleman
    = guarded_middleman<secure_doorman, std::shared_ptr<port_guard>>;
  caf::io::middleman_actor by
    = sys.spawn<middleman, caf::hidden>(basp_broker_of(sys), std::move(guard));
  return publish_through(sys, by, whom, port, host, true);
}

} // namespace onewriter::compat
