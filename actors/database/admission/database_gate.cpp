#include "actors/database/admission/database_gate.hpp"

#include "onewriter/compat/messaging.hpp"

#include <utility>

namespace onewriter {

flow_gate_ptr flow_gate_of(caf::actor_system& sys,
                           const database_actor& database) {
  flow_gate_ptr result;
  caf::scoped_actor self{sys};
  compat::request(self, caf::actor_cast<database_gate_actor>(database),
                  caf::infinite, get_flow_gate{})
    .receive([&](flow_gate_ptr& x) { result = std::move(x); },
             [](const caf::error&) {});
  return result;
}

} // namespace onewriter
