#include "actors/sharing/gate.hpp"

#include "actors/core/database_core.hpp"
#include "actors/sharing/owner_record.hpp"
#include "actors/sharing/proof.hpp"
#include "actors/support/guarded_log.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <algorithm>
#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace onewriter {

namespace {

// Of those who do not go on to join, the oldest are forgotten.
constexpr size_t most_challenges = 1'024;

constexpr size_t most_nonce_bytes = 256;

class gate_state {
public:
  explicit gate_state(gate_actor::pointer self) : self_{self} {
    // nop
  }

  gate_state(const gate_state&) = delete;

  gate_state& operator=(const gate_state&) = delete;

  ~gate_state() {
    for (auto& x : sessions_)
      caf::anon_send_exit(x.actor, caf::exit_reason::user_shutdown);
  }

  gate_actor::behavior_type make_behavior(database_actor database,
                                          gate_limits limits) {
    database_ = std::move(database);
    limits_ = std::move(limits);
    if (limits_.direct)
      way_
        = {limits_.direct, std::make_shared<receipt_hub>(self_->home_system())};
    return {
      [this](hello& what) { return counted(answer(what)); },
      [this](join& what) { return counted(admit(what)); },
    };
  }

  static inline const char* name = "onewriter.gate";

private:
  struct session {
    caf::actor actor;
    int64_t process_id;
  };

  static caf::error problem_with(uint32_t protocol) {
    if (protocol == sharing_protocol)
      return caf::none;
    return make_failure(ec::invalid_argument,
                        "the owner of the database speaks version "
                          + std::to_string(sharing_protocol)
                          + " of the protocol, not " + std::to_string(protocol)
                          + ": use the same onewriter in all processes");
  }

  // Without the name of the process: what it says of itself is not proven yet.
  template <class T>
  caf::result<T> counted(caf::expected<T> reply) {
    if (!reply)
      tell_database(false,
                    "a process was not let in: " + describe(reply.error()));
    return reply;
  }

  // The database, or the one that stands for it.
  void tell_database(bool had_joined, std::string what) {
    compat::anon_send(caf::actor_cast<caf::actor>(database_),
                      process_turned_away{had_joined, std::move(what)});
  }

  caf::expected<challenge> answer(hello& what) {
    if (auto err = problem_with(what.protocol); err != caf::none)
      return err;
    auto nonce = make_secret();
    if (!nonce)
      return nonce.error();
    if (what.nonce.size() > most_nonce_bytes)
      return make_failure(ec::invalid_argument, "hello::nonce is too long");
    challenge result;
    result.nonce = *nonce;
    result.proof = proof_of_owner(limits_.secret, *nonce, what.nonce);
    challenges_.emplace_back(std::move(*nonce), std::move(what.nonce));
    if (challenges_.size() > most_challenges)
      challenges_.pop_front();
    return result;
  }

  // Each challenge is good for one proof.
  bool is_proven(const join& what) {
    if (limits_.secret.empty())
      return true;
    auto found = std::find_if(challenges_.begin(), challenges_.end(),
                              [&](auto& x) { return x.first == what.nonce; });
    if (found == challenges_.end())
      return false;
    auto [mine, theirs] = std::move(*found);
    challenges_.erase(found);
    return is_same_proof(what.proof,
                         proof_of_process(limits_.secret, mine, theirs));
  }

  caf::expected<admission_ticket> admit(join& what) {
    if (auto err = problem_with(what.protocol); err != caf::none)
      return err;
    if (!is_proven(what))
      return make_failure(ec::not_allowed,
                          "only those may join who can read the lock file of "
                          "the database");
    if (!what.presence)
      return make_failure(ec::invalid_argument, "join::presence is empty");
    if (sessions_.size() >= limits_.max_sessions)
      return make_failure(ec::overloaded,
                          "as many processes have joined as may");
    auto actor = caf::actor_cast<caf::actor>(spawn_database_relay(
      self_->home_system(), database_, what.presence, limits_.session, way_));
    sessions_.push_back({actor, what.process_id});
    compat::watch(self_, actor,
                  [this](const caf::actor_addr& who, const caf::error& reason) {
                    forget(who, reason);
                  });
    return admission_ticket{sharing_protocol, std::move(actor)};
  }

  void forget(const caf::actor_addr& who, const caf::error& reason) {
    auto found = std::find_if(sessions_.begin(), sessions_.end(), [&](auto& x) {
      return x.actor.address() == who;
    });
    if (found == sessions_.end())
      return;
    auto process_id = found->process_id;
    sessions_.erase(found);
    if (reason != ec::overloaded)
      return;
    auto line = "dropped process " + std::to_string(process_id)
                + ", which had joined: " + describe(reason);
    if (limits_.log)
      log_guarded(limits_.log, log_level::warning, [&] { return line; });
    tell_database(true, std::move(line));
  }

  gate_actor::pointer self_;
  database_actor database_;
  gate_limits limits_;
  direct_way way_;
  std::vector<session> sessions_;
  // Nonces of the owner and of the process.
  std::deque<std::pair<std::string, std::string>> challenges_;
};

gate_actor::behavior_type gate(gate_actor::stateful_pointer<gate_state> self,
                               database_actor database, gate_limits limits) {
  return compat::state(self).make_behavior(std::move(database),
                                           std::move(limits));
}

} // namespace

gate_actor spawn_gate(caf::actor_system& sys, database_actor database,
                      gate_limits limits) {
  return sys.spawn(gate, std::move(database), std::move(limits));
}

} // namespace onewriter
