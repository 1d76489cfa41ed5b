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
  make_behavior(std::shared_ptr<const gate_table> gates,
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
    auto gate = gates_->find(what.database);
    if (!gate)
      return make_failure(ec::invalid_argument, "no database " + what.database
                                                  + " is served here, but "
                                                  + gates_->names());
    if (!*gate)
      return make_failure(ec::unavailable,
                          what.database + " is not open at the moment");
    visitor guest{what.database,
                  "process " + std::to_string(what.what.process_id)};
    auto presence = what.what.presence;
    auto reply = std::make_shared<pending_reply>(self_);
    compat::request(self_, *gate, caf::infinite, std::move(what.what))
      .then(
        [this, reply, presence, guest](admission_ticket& ticket) {
          welcome(presence, guest);
          reply->deliver(std::move(ticket));
        },
        [this, reply, guest](caf::error& err) {
          log_(log_level::info, guest.database,
               guest.who + " is refused: " + describe(err));
          reply->deliver(std::move(err));
        });
    return caf::delegated<admission_ticket>{};
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
        log_(log_level::info, x.database, x.who + " joined");
      });
  }

  void farewell(const caf::actor_addr& who, const caf::error& why) {
    auto found = guests_.find(who);
    if (found == guests_.end())
      return;
    auto& x = found->second;
    log_(log_level::info, x.database,
         x.who
           + (why == caf::exit_reason::user_shutdown
                ? std::string{" left"}
                : " is gone: " + compat::render(self_->home_system(), why)));
    guests_.erase(found);
  }

  directory_actor::pointer self_;
  std::shared_ptr<const gate_table> gates_;
  std::map<caf::actor_addr, visitor> guests_;
  remote_listener::peer_log log_;
};

directory_actor::behavior_type
directory(directory_actor::stateful_pointer<directory_state> self,
          std::shared_ptr<const gate_table> gates,
          remote_listener::peer_log log) {
  return compat::state(self).make_behavior(std::move(gates), std::move(log));
}

} // namespace

gate_table::gate_table(const std::vector<std::string>& names) {
  for (auto& name : names)
    gates_.emplace(name, gate_actor{});
}

gate_actor gate_table::set(const std::string& name, gate_actor gate) {
  std::lock_guard<std::mutex> guard{mutex_};
  return std::exchange(gates_[name], std::move(gate));
}

std::optional<gate_actor> gate_table::find(const std::string& name) const {
  std::lock_guard<std::mutex> guard{mutex_};
  auto found = gates_.find(name);
  if (found == gates_.end())
    return std::nullopt;
  return found->second;
}

std::string gate_table::names() const {
  std::lock_guard<std::mutex> guard{mutex_};
  std::string result;
  for (auto& x : gates_)
    result += (result.empty() ? "" : ", ") + x.first;
  return result;
}

directory_actor spawn_directory(caf::actor_system& sys,
                                std::shared_ptr<const gate_table> gates,
                                remote_listener::peer_log log) {
  return sys.spawn(directory, std::move(gates), std::move(log));
}

} // namespace onewriter::node
