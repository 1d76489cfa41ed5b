#include "actors/sharing/gate.hpp"

#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace onewriter {

namespace {

class gate_state {
public:
  explicit gate_state(gate_actor::pointer self) : self_{self} {
    // nop
  }

  gate_state(const gate_state&) = delete;

  gate_state& operator=(const gate_state&) = delete;

  ~gate_state() {
    for (auto& session : sessions_)
      caf::anon_send_exit(session, caf::exit_reason::user_shutdown);
  }

  gate_actor::behavior_type make_behavior(database_actor database,
                                          gate_limits limits) {
    database_ = std::move(database);
    limits_ = limits;
    return {
      [this](join& what) { return admit(what); },
    };
  }

  static inline const char* name = "onewriter.gate";

private:
  caf::result<admission_ticket> admit(join& what) {
    if (what.protocol != sharing_protocol)
      return make_failure(ec::invalid_argument,
                          "the owner of the database speaks version "
                            + std::to_string(sharing_protocol)
                            + " of the protocol, not "
                            + std::to_string(what.protocol)
                            + ": use the same onewriter in all processes");
    if (!what.presence)
      return make_failure(ec::invalid_argument, "join::presence is empty");
    if (sessions_.size() >= limits_.max_sessions)
      return make_failure(ec::overloaded,
                          "as many processes have joined as may");
    auto session = spawn_database_relay(self_->home_system(), database_,
                                        what.presence, limits_.session);
    sessions_.push_back(session);
    compat::watch(
      self_, session,
      [this](const caf::actor_addr& who, const caf::error&) { forget(who); });
    return admission_ticket{sharing_protocol, std::move(session)};
  }

  void forget(const caf::actor_addr& who) {
    auto is_it = [&](auto& x) {
      return x.address() == who;
    };
    sessions_.erase(std::remove_if(sessions_.begin(), sessions_.end(), is_it),
                    sessions_.end());
  }

  gate_actor::pointer self_;
  database_actor database_;
  gate_limits limits_;
  std::vector<database_actor> sessions_;
};

gate_actor::behavior_type gate(gate_actor::stateful_pointer<gate_state> self,
                               database_actor database, gate_limits limits) {
  return compat::state(self).make_behavior(std::move(database), limits);
}

} // namespace

gate_actor spawn_gate(caf::actor_system& sys, database_actor database,
                      gate_limits limits) {
  return sys.spawn(gate, std::move(database), limits);
}

} // namespace onewriter
