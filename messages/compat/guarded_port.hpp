// A port of CAF's middleman that does not let everyone in, for CAF 0.17
// and 1.x.
#pragma once

#include "onewriter/compat/messaging.hpp"

#include <caf/io/all.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman_actor_impl.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/doorman_impl.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace onewriter::compat {

/// Returns whether the peer of this socket, a new connection, may talk to CAF.
/// Called by the thread of the middleman, which waits for it.
using admission_check = std::function<bool(caf::io::network::native_socket)>;

/// Closes connections that are not admitted, before CAF has read or written
/// anything: its handshake checks nothing where it listens.
class guarded_doorman final : public caf::io::network::doorman_impl {
public:
  guarded_doorman(caf::io::network::default_multiplexer& mpx,
                  caf::io::network::native_socket port, admission_check admits)
    : doorman_impl{mpx, port},
      admits_{std::move(admits)} {
    // nop
  }

  bool new_connection() override {
    auto socket = acceptor_.accepted_socket();
    if (!detached() && admits_(socket))
      return doorman_impl::new_connection();
    caf::io::network::close_socket(socket);
    return !detached();
  }

private:
  admission_check admits_;
};

/// CAF's actor that listens at ports, with a `Doorman` at each, which `Guard`
/// is passed to.
template <class Doorman, class Guard>
class guarded_middleman final : public caf::io::middleman_actor_impl {
public:
  guarded_middleman(caf::actor_config& cfg, caf::actor broker, Guard guard)
    : middleman_actor_impl{cfg, std::move(broker)},
      guard_{std::move(guard)} {
    // nop
  }

  const char* name() const override {
    return "onewriter.guarded_middleman";
  }

protected:
  caf::expected<caf::io::doorman_ptr> open(uint16_t port, const char* address,
                                           bool is_shared) override {
    namespace net = caf::io::network;
    auto socket = net::new_tcp_acceptor_impl(port, address, is_shared);
    if (!socket)
      return std::move(socket.error());
    auto& backend = system().middleman().backend();
    return caf::make_counted<Doorman>(
      static_cast<net::default_multiplexer&>(backend), *socket, guard_);
  }

private:
  Guard guard_;
};

/// Returns the actor of CAF's that keeps connections.
inline caf::actor basp_broker_of(caf::actor_system& sys) {
#if CAF_MAJOR_VERSION >= 1
  constexpr auto name = "BASP";
#else
  constexpr auto name = caf::atom("BASP");
#endif
  return sys.middleman().named_broker<caf::io::basp_broker>(name);
}

/// Publishes `whom` at this port of `host` through `by`, which ends then: the
/// broker keeps the port open. `is_shared`: also where connections of an
/// earlier process at the same port are still being closed. Blocks.
template <class Handle>
caf::expected<uint16_t>
publish_through(caf::actor_system& sys, const caf::io::middleman_actor& by,
                const Handle& whom, uint16_t port, const std::string& host,
                bool is_shared) {
  caf::scoped_actor self{sys};
  caf::expected<uint16_t> result{caf::make_error(caf::sec::runtime_error)};
  request(self, by, caf::infinite, caf::publish_atom_v, port,
          caf::actor_cast<caf::strong_actor_ptr>(whom), sys.message_types(whom),
          host, is_shared)
    .receive([&](uint16_t found) { result = found; },
             [&](caf::error& err) { result = std::move(err); });
  caf::anon_send_exit(by, caf::exit_reason::kill);
  return result;
}

/// Publishes `whom` at a port of `host` that the system chooses, for those whom
/// `admits` lets in. Blocks.
template <class Handle>
caf::expected<uint16_t>
publish_guarded(caf::actor_system& sys, const Handle& whom,
                const std::string& host, admission_check admits) {
  caf::io::middleman_actor by
    = sys.spawn<guarded_middleman<guarded_doorman, admission_check>,
                caf::hidden>(basp_broker_of(sys), std::move(admits));
  return publish_through(sys, by, whom, uint16_t{0}, host, false);
}

} // namespace onewriter::compat
