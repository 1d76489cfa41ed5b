// What the owner of a database counts of other processes.
#include "actors/sharing/gate.hpp"

#include "actors/sharing/network.hpp"
#include "actors/sharing/relay/batches.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/config.hpp"
#include "onewriter/database.hpp"
#include "onewriter/open.hpp"
#include "tests/catch.hpp"
#include "tests/sharing/peer.hpp"
#include "tests/temp_folder.hpp"

#include <thread>

using namespace onewriter;
using namespace onewriter::test;

namespace {

class gate_fixture {
public:
  gate_fixture() {
    opts.path = folder.file("test.db");
    opts.log = nullptr;
  }

  /// Puts a gate before `database`.
  void start(const database_actor& database, gate_limits limits = {}) {
    gate = spawn_gate(net.system(), database, std::move(limits));
  }

  template <class Reply, class Request>
  caf::expected<Reply> ask(Request what) {
    caf::expected<Reply> result{caf::make_error(caf::sec::runtime_error)};
    compat::request(self, gate, caf::infinite, std::move(what))
      .receive([&](Reply& x) { result = std::move(x); },
               [&](caf::error& x) { result = std::move(x); });
    return result;
  }

  caf::expected<admission_ticket> join_it() {
    onewriter::join what;
    what.process_id = 4'711;
    what.presence = caf::actor_cast<caf::actor>(self);
    return ask<admission_ticket>(std::move(what));
  }

  temp_folder folder;
  options opts;
  config cfg;
  caf::actor_system sys{cfg};
  network net{"a secret"};
  caf::scoped_actor self{net.system()};
  gate_actor gate;
};

void check_counts(gate_fixture& with, client& db) {
  hello stranger;
  stranger.protocol = sharing_protocol + 1;
  CHECK(code_of(with.ask<challenge>(stranger).error()) == ec::invalid_argument);
  auto now = db.statistics();
  REQUIRE(now);
  CHECK(now->refused_processes == 1);
  CHECK(now->dropped_processes == 0);
  CHECK(now->last_turned_away.find("version") != std::string::npos);
  auto ticket = with.join_it();
  REQUIRE(ticket);
  auto session = caf::actor_cast<caf::actor>(ticket->session);
  compat::send(with.self, session, relay_ping{});
  request_batch batch;
  batch.session = "of 16 bytes here";
  for (uint64_t number = 1; number <= 10; ++number)
    batch.others.push_back(
      {number, caf::make_message(query{"SELECT zeroblob(1000)"})});
  compat::send(with.self, session, std::move(batch));
  do {
    std::this_thread::yield();
    now = db.statistics();
    REQUIRE(now);
  } while (now->dropped_processes == 0);
  CHECK(now->dropped_processes == 1);
  CHECK(now->refused_processes == 1);
  CHECK(now->last_turned_away.find("4711") != std::string::npos);
  CHECK(now->last_turned_away.find("has not taken") != std::string::npos);
}

} // namespace

TEST_CASE_METHOD(gate_fixture, "processes that are turned away are counted") {
  gate_limits limits;
  limits.session.max_untaken_bytes = 1;
  SECTION("by a database") {
    auto opened = open_database(sys, opts);
    REQUIRE(opened);
    scoped_database owned{sys, *opened};
    start(owned.handle(), limits);
    check_counts(*this, *owned);
  }
  SECTION("by the owner behind a shared one") {
    auto opened = onewriter::open(sys, opts);
    REQUIRE(opened);
    scoped_database shared{sys, *opened};
    start(shared.handle(), limits);
    check_counts(*this, *shared);
  }
}

TEST_CASE_METHOD(gate_fixture, "one process too many is refused and counted") {
  gate_limits limits;
  limits.max_sessions = 1;
  auto opened = open_database(sys, opts);
  REQUIRE(opened);
  scoped_database owned{sys, *opened};
  start(owned.handle(), limits);
  REQUIRE(join_it());
  CHECK(code_of(join_it().error()) == ec::overloaded);
  auto now = owned->statistics();
  REQUIRE(now);
  CHECK(now->refused_processes == 1);
}
