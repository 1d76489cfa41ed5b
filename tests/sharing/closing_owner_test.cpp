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
#include "tests/sharing/peer.hpp"
#include "tests/temp_folder.hpp"

#include <atomic>
#include <memory>
#include <thread>

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

/// An owner that answers queries with `reason`, or with a result, and counts
/// them.
caf::behavior counting_owner(caf::event_based_actor*, ec reason,
                             std::shared_ptr<std::atomic<int>> queries) {
  return {
    [reason, queries](query&) -> caf::result<result_set> {
      ++*queries;
      if (reason == ec::none)
        return result_set{};
      return make_failure(reason, "refused");
    },
  };
}

database_actor spawn_owner(caf::actor_system& sys, ec reason,
                           std::shared_ptr<std::atomic<int>> queries) {
  return caf::actor_cast<database_actor>(
    sys.spawn(counting_owner, reason, std::move(queries)));
}

} // namespace

TEST_CASE("an owner that is being closed is asked once, and its successor "
          "again") {
  options opts;
  opts.lock_patience = std::chrono::milliseconds{200};
  config cfg;
  caf::actor_system sys{cfg};
  auto queries = std::make_shared<std::atomic<int>>(0);
  auto owner = spawn_owner(sys, ec::closed, queries);
  network net{"a secret"};
  auto shared = spawn_shared_database(
    sys, opts,
    [&](caf::actor_system& where, const options&, shared_core_actor user) {
      return where.spawn(constant_finder, link_to(net, owner, user), user);
    });
  client db{sys, shared};
  for (auto i = 0; i < 2; ++i) {
    CHECK(code_of(db.query("SELECT 1").error()) == ec::unavailable);
    CHECK(*queries == 1);
  }
  auto next = spawn_owner(sys, ec::none, queries);
  auto user = caf::actor_cast<shared_core_actor>(shared);
  compat::anon_send(user, owned_elsewhere{link_to(net, next, user)});
  CHECK(db.query("SELECT 1"));
  CHECK(*queries == 2);
  CHECK(db.close());
  for (auto& x : {shared, owner, next})
    caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
}

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

TEST_CASE("an impatient close of a shared database shortens another") {
  temp_folder folder;
  options opts;
  opts.path = folder.file("test.db");
  opts.log = nullptr;
  member me{opts};
  REQUIRE(me.problem() == "none");
  query endless{"WITH RECURSIVE n(x) AS (VALUES(1) UNION ALL SELECT x + 1 "
                "FROM n) SELECT COUNT(*) FROM n"};
  endless.deadline = std::chrono::hours{1};
  caf::scoped_actor self{me.sys()};
  auto to = me.db().database();
  auto running = compat::request(self, to, caf::infinite, endless);
  onewriter::close patient;
  patient.limit = std::chrono::hours{1};
  auto first = compat::request(self, to, caf::infinite, patient);
  onewriter::close at_once;
  at_once.drain = false;
  CHECK(outcome(me.db().close(at_once)) == "ok");
  auto end = ec::none;
  auto failed = [&](caf::error& x) {
    end = code_of(x);
  };
  std::move(first).receive([](close_receipt&) {}, failed);
  CHECK(to_string(end) == "none");
  std::move(running).receive([](result_set&) {}, failed);
  CHECK(to_string(end) == "closed");
}

// It would wait for the deadline of the query, and for the limit otherwise.
TEST_CASE("an owner that is closed at once does not wait for what others run") {
  temp_folder folder;
  options opts;
  opts.path = folder.file("test.db");
  opts.log = nullptr;
  onewriter::close at_once;
  at_once.drain = false;
  child_process owner{[&](talk_end& parent) {
    member me{opts};
    parent.tell(me.problem());
    parent.wait();
    parent.tell(outcome(me.db().close(at_once)));
  }};
  REQUIRE(owner.wait() == "none");
  member me{opts};
  REQUIRE(me.problem() == "none");
  query endless{"WITH RECURSIVE n(x) AS (VALUES(1) UNION ALL SELECT x + 1 "
                "FROM n) SELECT COUNT(*) FROM n"};
  endless.deadline = std::chrono::hours{1};
  caf::scoped_actor self{me.sys()};
  auto running
    = compat::request(self, me.db().database(), caf::infinite, endless);
  auto is_read = [&] {
    auto now = me.db().statistics();
    return now && now->oldest_reader > std::chrono::nanoseconds{0};
  };
  while (!is_read())
    std::this_thread::yield();
  owner.tell("close");
  CHECK(owner.wait() == "ok");
  // This process takes over, and begins the query again.
  CHECK(outcome(me.db().write("CREATE TABLE t(a)")) == "ok");
  CHECK(outcome(me.db().close(at_once)) == "ok");
  auto end = ec::none;
  std::move(running).receive([](result_set&) {},
                             [&](caf::error& x) { end = code_of(x); });
  CHECK(to_string(end) == "closed");
}
