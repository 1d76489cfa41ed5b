// What stands for this folder where CAF has no middleman: one process owns a
// file, and no other can join it.
#include "actors/sharing/network_types.hpp"
#include "actors/sharing/shared/shared_database.hpp"
#include "onewriter/database.hpp"

#include <utility>

namespace onewriter {

void register_network_types() {
  // nop
}

database_actor spawn_shared_database(caf::actor_system& sys, options opts) {
  return spawn_database(sys, std::move(opts));
}

} // namespace onewriter
