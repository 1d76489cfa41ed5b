#include "app/remote/remote_database.hpp"

#include "actors/sharing/shared/shared_database.hpp"
#include "app/remote/secure/remote_finder.hpp"

#include <memory>
#include <utility>

namespace onewriter::node {

caf::expected<database_actor>
spawn_remote_database(caf::actor_system& sys, const remote_address& where,
                      const tls_files& files, options opts) {
  auto sealed = sealed_files::make(files);
  if (!sealed)
    return sealed.error();
  std::shared_ptr<const sealed_files> shared{std::move(*sealed)};
  auto find = [where, shared](caf::actor_system& home, options how,
                              shared_core_actor user) {
    return spawn_remote_finder(home, where, shared, std::move(how),
                               std::move(user));
  };
  return spawn_shared_database(sys, std::move(opts), find);
}

} // namespace onewriter::node
