#include "onewriter/paced_sender.hpp"

#include "actors/database/admission/database_gate.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <utility>

namespace onewriter {

caf::expected<paced_sender> paced_sender::to(caf::actor_system& sys,
                                             const database_actor& database) {
  flow_gate_ptr gate;
  if (database && database.node() == sys.node())
    gate = flow_gate_of(sys, database);
  if (!gate)
    return make_failure(ec::invalid_argument,
                        "paced_sender: needs a database of this process");
  return paced_sender{database, std::move(gate)};
}

paced_sender::paced_sender(database_actor database, flow_gate_ptr gate)
  : database_{std::move(database)},
    gate_{std::move(gate)},
    sender_{gate_->next_sender()} {
  // nop
}

caf::error paced_sender::send(write what) {
  auto bytes = bytes_of(what);
  return gate_->enter_write(bytes) ? pass(what, bytes) : flow_gate::refusal();
}

caf::error paced_sender::send(best_effort what) {
  auto bytes = what.bytes();
  return gate_->enter_best_effort(bytes) ? pass(what, bytes)
                                         : flow_gate::refusal();
}

template <class Request>
caf::error paced_sender::pass(Request& what, uint64_t bytes) {
  auto item
    = std::make_shared<paced_item>(gate_, std::move(what), sender_, bytes);
  compat::anon_send(caf::actor_cast<database_gate_actor>(database_),
                    paced_request{std::move(item)});
  return {};
}

} // namespace onewriter
