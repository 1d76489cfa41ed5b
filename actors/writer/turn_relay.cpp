#include "actors/writer/turn_relay.hpp"

#include "onewriter/compat/messaging.hpp"

namespace onewriter {

namespace {

// The writer holds the relay: held the other way round by more than an address,
// neither would ever be destroyed.
turn_relay_actor::behavior_type relay(turn_relay_actor::pointer self,
                                      caf::weak_actor_ptr writer) {
  return {
    [=](end_of_turn marker) {
      if (auto target = writer.lock())
        compat::send(self, caf::actor_cast<sqlite_writer_actor>(target),
                     marker);
    },
  };
}

} // namespace

turn_relay_actor spawn_turn_relay(caf::actor_system& sys,
                                  const sqlite_writer_actor& writer) {
  return sys.spawn(relay, caf::actor_cast<caf::weak_actor_ptr>(writer));
}

} // namespace onewriter
