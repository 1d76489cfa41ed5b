#include "app/remote/secure/directory.hpp"

#include "actors/core/pending_reply.hpp"
#include "messages/compat/network.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <memory>
#include <tuple>
#include <utility>

namespace onewriter::node {

namespace {

/// Who has joined which database.
struct visitor {
  std::string database;
  std::string who;
};

class directory_state {
public:
  explicit directory_state(directory_actor::pointer self) : self_{self} {
    // nop
  }

  directory_actor::behavior_type
  make_behavior(std::map<std::string, gate_actor> gates,
                remote_listener::peer_log log) {
    gates_ = std::move(gates);
    log_ = std::move(log);
    return {
      [this](enter& what) { return lead(what); },
    };
  }

  static inline const char* name = "onewriter.directory";

private:
  caf::result<admission_ticket> lead(enter& what) {
    auto gate = gates_.find(what.database);
    if (gate == gates_.end())
      return make_failure(ec::invalid_argument, "no database " + what.database
                                                  + " is served here, but "
                                                  + names());
    visitor guest{what.database,
                  "process " + std::to_string(what.what.process_id)};
    auto presence = what.what.presence;
    auto reply = std::make_shared<pending_reply>(self_);
    compat::request(self_, gate->second, caf::infinite, std::move(what.what))
      .then(
        [this, reply, presence, guest](admission_ticket& ticket) {
          welcome(presence, guest);
          reply->deliver(std::move(ticket));
        },
        [this, reply, guest](caf::error& err) {
          log_(guest.database, guest.who + " is refused: " + describe(err));
          reply->deliver(std::move(err));
        });
    return caf::delegated<admission_ticket>{};
  }

  std::string names() const {
    std::string result;
    for (auto& x : gates_)
      result += (result.empty() ? "" : ", ") + x.first;
    return result;
  }

  // Says where it comes from as soon as CAF does.
  void welcome(const caf::actor& presence, visitor guest) {
    compat::watch(self_, presence,
                  [this](const caf::actor_addr& who, const caf::error& why) {
                    farewell(who, why);
                  });
    auto address = presence.address();
    guests_[address] = std::move(guest);
    compat::ask_for_address(
      self_, presence.node(),
      [this, address](const std::string& host, uint16_t port) {
        auto found = guests_.find(address);
        if (found == guests_.end())
          return;
        auto& x = found->second;
        if (!host.empty())
          x.who += " at " + to_string(endpoint{host, port});
        log_(x.database, x.who + " joined");
      });
  }

  void farewell(const caf::actor_addr& who, const caf::error& why) {
    auto found = guests_.find(who);
    if (found == guests_.end())
      return;
    auto& x = found->second;
    log_(x.database,
         x.who
           + (why == caf::exit_reason::user_shutdown
                ? std::string{" left"}
                : " is gone: " + compat::render(self_->home_system(), why)));
    guests_.erase(found);
  }

  directory_actor::pointer self_;
  std::map<std::string, gate_actor> gates_;
  std::map<caf::actor_addr, visitor> guests_;
  remote_listener::peer_log log_;
};

directory_actor::behavior_type
directory(directory_actor::stateful_pointer<directory_state> self,
          std::map<std::string, gate_actor> gates,
          remote_listener::peer_log log) {
  return compat::state(self).make_behavior(std::move(gates), std::move(log));
}

} // namespace

directory_actor spawn_directory(caf::actor_system& sys,
                                std::map<std::string, gate_actor> gates,
                                remote_listener::peer_log log) {
  return sys.spawn(directory, std::move(gates), std::move(log));
}

} // namespace onewriter::node
