#include "onewriter/open.hpp"

#include "actors/database/owned_database.hpp"
#include "actors/sharing/shared/shared_database.hpp"

#include <utility>

namespace onewriter {

caf::expected<database_actor> open(caf::actor_system& sys, options opts) {
  auto result = spawn_shared_database(sys, std::move(opts));
  if (auto err = wait_until_open(sys, result); err != caf::none)
    return err;
  return result;
}

} // namespace onewriter
