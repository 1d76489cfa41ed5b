// An owner that is being closed, and takes its time.
#include "actors/sharing/database_link.hpp"
#include "actors/sharing/network.hpp"
#include "actors/sharing/relay/database_relay.hpp"
#include "actors/sharing/shared/shared_database.hpp"
#include "onewriter/client.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/config.hpp"
#include "onewriter/database.hpp"
#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

using namespace onewriter;
using namespace onewriter::test;

namespace {

/// Returns a link for `user` to `owner`, as if that were in another process.
link_actor link_to(network& net, database_actor owner, shared_core_actor user) {
  auto session
    = spawn_database_relay(net.system(), std::move(owner), {}, {}, {});
  return spawn_database_link(net.system(), caf::actor_cast<caf::actor>(session),
                             std::move(user));
}

// Finds the owner behind `link`, and no other one.
owner_finder_actor::behavior_type
constant_finder(owner_finder_actor::pointer self, link_actor link,
                shared_core_actor user) {
  compat::send(self, user, owned_elsewhere{std::move(link)});
  return {
    [self](stop_sharing) { self->quit(); },
    [](check_held) {
      // nop
    },
  };
}

} // namespace

TEST_CASE("an owner that is being closed is waited for with patience") {
  temp_folder folder;
  options opts;
  opts.path = folder.file("test.db");
  opts.lock_patience = std::chrono::milliseconds{200};
  config cfg;
  caf::actor_system sys{cfg};
  // It refuses all requests from now on, as one that is being closed does.
  auto owner = open_database(sys, opts);
  REQUIRE(owner);
  REQUIRE(client{sys, *owner}.close());
  network net{"a secret"};
  auto shared = spawn_shared_database(
    sys, opts,
    [&](caf::actor_system& where, const options&, shared_core_actor user) {
      return where.spawn(constant_finder, link_to(net, *owner, user), user);
    });
  client db{sys, shared};
  auto write = db.write("CREATE TABLE t(a)");
  REQUIRE_FALSE(write);
  // The owner may have carried it out when its reply was lost.
  CHECK(code_of(write.error()) == ec::outcome_unknown);
  auto query = db.query("SELECT 1");
  REQUIRE_FALSE(query);
  CHECK(code_of(query.error()) == ec::unavailable);
  CHECK(describe(query.error()).find("closed") != std::string::npos);
  CHECK(db.close());
  caf::anon_send_exit(shared, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(*owner, caf::exit_reason::user_shutdown);
}
