#include "actors/sharing/network.hpp"

#include "actors/sharing/owner_record.hpp"
#include "actors/sharing/peer_user.hpp"
#include "actors/sharing/proof.hpp"
#include "actors/support/guarded_log.hpp"
#include "messages/compat/guarded_port.hpp"
#include "messages/compat/network.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/scheduler.hpp"

#include <utility>

#include <unistd.h>

namespace onewriter {

namespace {

constexpr auto patience = std::chrono::seconds{2};

// Ends with the network.
caf::behavior wait_forever(caf::event_based_actor*) {
  return {
    [](const index_progress&) {
      // nop: has no senders
    },
  };
}

/// Lets in who could open the file as well.
compat::admission_check own_processes(log_sink log) {
  return [log = std::move(log)](int socket) {
    auto user = user_of_peer(socket);
    if (user && is_trusted(*user))
      return true;
    if (log)
      log_guarded(log, log_level::warning, [&] {
        return "refused a connection of "
               + (user ? "user " + std::to_string(*user)
                       : std::string{"an unknown user"});
      });
    return false;
  };
}

// One that is about to end may take a request and not answer it.
caf::error as_answer_of_owner(caf::error err) {
  if (code_of(err) == ec::deadline_exceeded)
    return make_failure(ec::unavailable, "the owner does not answer");
  return err;
}

caf::error unreachable(const caf::actor_system& sys, const std::string& host,
                       uint16_t port, const caf::error& reason) {
  return make_failure(ec::unavailable, "no owner at " + host + ":"
                                         + std::to_string(port) + ": "
                                         + compat::render(sys, reason));
}

} // namespace

network_config::network_config(const std::string& secret) {
  register_messages(*this);
  compat::load_network(*this, public_identifier(secret));
  // What runs here is short, and waits for nothing.
  set(max_threads_key, size_t{1});
  compat::share_scheduler_queue(*this);
}

network::network(const std::string& secret)
  : secret_{secret},
    config_{secret},
    system_{config_} {
  compat::hide_services(system_);
}

network::~network() {
  if (gate_) {
    static_cast<void>(system_.middleman().unpublish(gate_));
    caf::anon_send_exit(gate_, caf::exit_reason::user_shutdown);
  }
  if (presence_)
    caf::anon_send_exit(presence_, caf::exit_reason::user_shutdown);
}

caf::expected<uint16_t> network::publish(const gate_actor& gate, log_sink log) {
  gate_ = gate;
  auto port = compat::publish_guarded(system_, gate, loopback,
                                      own_processes(std::move(log)));
  if (!port)
    return make_failure(ec::unavailable,
                        "cannot listen on " + std::string{loopback} + ": "
                          + compat::render(system_, port.error()));
  return *port;
}

caf::expected<caf::actor> network::join(const std::string& host,
                                        uint16_t port) {
  auto gate = compat::connect<gate_actor>(system_, host, port, patience);
  if (!gate)
    return unreachable(system_, host, port, gate.error());
  presence_ = spawn_presence(system_);
  onewriter::join what;
  what.process_id = ::getpid();
  what.presence = presence_;
  if (auto err = prove(*gate, what); err != caf::none)
    return err;
  caf::scoped_actor self{system_};
  caf::expected<caf::actor> result{caf::make_error(caf::sec::runtime_error)};
  compat::request(self, *gate, patience, std::move(what))
    .receive(
      [&](admission_ticket& ticket) { result = ticket.session; },
      [&](caf::error& err) { result = as_answer_of_owner(std::move(err)); });
  return result;
}

caf::error network::prove(const gate_actor& gate, onewriter::join& what) {
  auto nonce = make_secret();
  if (!nonce)
    return nonce.error();
  hello first;
  first.nonce = *nonce;
  caf::scoped_actor self{system_};
  caf::error result;
  compat::request(self, gate, patience, std::move(first))
    .receive(
      [&](challenge& x) {
        if (!is_same_proof(x.proof, proof_of_owner(secret_, x.nonce, *nonce)))
          result = make_failure(ec::unavailable,
                                "what listens there is not the owner of the "
                                "database");
        what.proof = proof_of_process(secret_, x.nonce, *nonce);
        what.nonce = std::move(x.nonce);
      },
      [&](caf::error& err) { result = as_answer_of_owner(std::move(err)); });
  return result;
}

caf::actor spawn_presence(caf::actor_system& sys) {
  return sys.spawn(wait_forever);
}

} // namespace onewriter
