#include "actors/sharing/network.hpp"
#include "actors/sharing/owner_record.hpp"
#include "actors/sharing/shared/shared_database.hpp"
#include "actors/sqlite/file/owner_lock.hpp"
#include "messages/compat/network.hpp"
#include "tests/catch.hpp"
#include "tests/oracle/raw_database.hpp"
#include "tests/sharing/peer.hpp"
#include "tests/temp_folder.hpp"

#include <algorithm>
#include <atomic>
#include <fstream>
#include <random>
#include <thread>
#include <vector>

#include <unistd.h>

using namespace onewriter;
using namespace onewriter::test;

namespace {

class shared_file {
public:
  shared_file() {
    opts.path = folder.file("shared.db");
  }

  /// Returns "all" if the file has the numbers 1 to `count`, each once.
  std::string numbers_in_file(int64_t count) const {
    raw_database db{opts.path};
    auto found = db.text("SELECT count(*) || ' ' || count(DISTINCT a) || ' ' "
                         "|| max(a) FROM t");
    auto n = std::to_string(count);
    return found == n + " " + n + " " + n ? "all" : found;
  }

  temp_folder folder;
  options opts;
};

constexpr char make_table[] = "CREATE TABLE IF NOT EXISTS t(a)";

constexpr char add_row[] = "INSERT INTO t VALUES(?)";

/// Writes numbers from 1 on, one after the other, until it is told to stop.
class counting_writer {
public:
  explicit counting_writer(member& with)
    : thread_{[this, &with] {
        client db{with.sys(), with.db().database()};
        while (!stop_ && problem_ == "ok") {
          problem_ = outcome(db.write(add_row, count_ + 1));
          if (problem_ == "ok")
            ++count_;
        }
        is_over_ = true;
      }} {
    // nop
  }

  counting_writer(const counting_writer&) = delete;

  counting_writer& operator=(const counting_writer&) = delete;

  ~counting_writer() {
    stop();
  }

  /// Blocks until `count` numbers more are acknowledged.
  void wait_for(int64_t count) {
    auto limit = count_ + count;
    while (count_ < limit && !is_over_)
      std::this_thread::yield();
  }

  /// Returns how many were acknowledged.
  int64_t stop() {
    stop_ = true;
    if (thread_.joinable())
      thread_.join();
    return count_;
  }

  /// After `stop`.
  const std::string& problem() const {
    return problem_;
  }

private:
  std::atomic<bool> stop_{false};
  std::atomic<bool> is_over_{false};
  std::atomic<int64_t> count_{0};
  std::string problem_ = "ok";
  std::thread thread_;
};

} // namespace

TEST_CASE_METHOD(shared_file, "processes share a database") {
  peer owner{opts};
  REQUIRE(owner.problem() == "none");
  REQUIRE(owner.write(make_table) == "ok");
  member me{opts};
  REQUIRE(me.problem() == "none");
  CHECK(outcome(me.db().write(add_row, 1)) == "ok");
  CHECK(owner.write("INSERT INTO t VALUES(2)") == "ok");
  auto found = me.db().query("SELECT a FROM t ORDER BY a");
  REQUIRE(outcome(found) == "ok");
  CHECK(to_string(*found) == "1\n2\n");
  CHECK(outcome(me.db().write("INSERT INTO no_such_table VALUES(1)"))
          .rfind("invalid_sql", 0)
        == 0);
  me.close();
  CHECK(owner.write("INSERT INTO t VALUES(3)") == "ok");
  CHECK(owner.leave() == "left");
  CHECK(numbers_in_file(3) == "all");
  CHECK_FALSE(std::filesystem::exists(opts.path + "-owner"));
}

TEST_CASE_METHOD(shared_file, "all kinds of requests reach the owner") {
  peer owner{opts};
  REQUIRE(owner.write(make_table) == "ok");
  member me{opts};
  REQUIRE(me.problem() == "none");
  auto& db = me.db();
  for (auto i = 1; i <= 1'000; ++i)
    REQUIRE(outcome(db.write(add_row, i)) == "ok");
  int64_t sum = 0;
  CHECK(outcome(db.for_each_row(query{"SELECT a FROM t"},
                                [&](const row& x) {
                                  sum += x.get<int64_t>(0);
                                  return true;
                                }))
        == "ok");
  CHECK(sum == 500'500);
  chunked_index document;
  document.index = "notes";
  document.key = "one";
  document.text = "what is shared is found";
  CHECK(outcome(db.index(document)) == "ok");
  search what;
  what.index = "notes";
  what.expression = "shared";
  auto hits = db.search(what);
  REQUIRE(outcome(hits) == "ok");
  CHECK(hits->hits.size() == 1);
  CHECK(outcome(db.checkpoint()) == "ok");
  CHECK(outcome(db.check_integrity()) == "ok");
  auto stats = db.statistics();
  REQUIRE(outcome(stats) == "ok");
  CHECK(stats->writes.acknowledged >= 1'001);
  CHECK(outcome(db.dead_letters()) == "ok");
  backup copy;
  copy.path = folder.file("copy.db");
  CHECK(outcome(db.backup(copy)) == "ok");
}

TEST_CASE_METHOD(shared_file, "progress and alerts reach other processes") {
  opts.alerts.pending_writes = 0;
  opts.alerts.wal_bytes = 1;
  opts.alerts.check_interval = std::chrono::milliseconds{1};
  peer owner{opts};
  REQUIRE(owner.write(make_table) == "ok");
  for (auto round = 0; round < 3; ++round) {
    member me{opts};
    REQUIRE(me.problem() == "none");
    caf::scoped_actor self{me.sys()};
    auto listener = caf::actor_cast<caf::actor>(self);
    compat::request(self, me.db().database(), caf::infinite,
                    subscribe{listener})
      .receive([] {}, [](caf::error& err) { FAIL(describe(err)); });
    self->receive(
      [](const alert& x) { CHECK(x.kind == alert_kind::wal_size); });
    backup copy;
    copy.path = folder.file("copy" + std::to_string(round));
    copy.listener = listener;
    REQUIRE(outcome(me.db().backup(copy)) == "ok");
    auto has_progress = false;
    self->receive_while([&] { return !has_progress; })(
      [&](const backup_progress&) { has_progress = true; },
      [](const alert&) {});
    me.close();
    // The owner goes on without the listener.
    CHECK(owner.write("INSERT INTO t VALUES(1)") == "ok");
  }
  CHECK(owner.leave() == "left");
}

TEST_CASE_METHOD(shared_file, "what only the owner may is refused") {
  opts.allow_failure_injection = true;
  peer owner{opts};
  REQUIRE(owner.write(make_table) == "ok");
  member me{opts};
  auto refusal = [](const auto& reply) {
    return to_string(reply ? ec::none : code_of(reply.error()));
  };
  CHECK(refusal(me.db().transaction([](session&) { return result_set{}; }))
        == "not_allowed");
  caf::scoped_actor self{me.sys()};
  caf::error err;
  compat::request(self, me.db().database(), caf::infinite, inject_failure{})
    .receive([] {}, [&](caf::error& x) { err = std::move(x); });
  CHECK(to_string(code_of(err)) == "not_allowed");
}

TEST_CASE_METHOD(shared_file, "another process takes over from a killed one") {
  peer owner{opts};
  REQUIRE(owner.write(make_table) == "ok");
  member me{opts};
  REQUIRE(me.problem() == "none");
  counting_writer writer{me};
  writer.wait_for(50);
  owner.kill();
  writer.wait_for(50);
  auto count = writer.stop();
  CHECK(writer.problem() == "ok");
  CHECK(count >= 100);
  // It owns the file now.
  CHECK(outcome(me.db().transaction([](session&) { return result_set{}; }))
        == "ok");
  me.close();
  CHECK(numbers_in_file(count) == "all");
}

TEST_CASE_METHOD(shared_file,
                 "another process takes over from one that leaves") {
  peer owner{opts};
  REQUIRE(owner.write(make_table) == "ok");
  member me{opts};
  REQUIRE(me.problem() == "none");
  counting_writer writer{me};
  writer.wait_for(50);
  owner.start_to_leave();
  writer.wait_for(200);
  auto count = writer.stop();
  CHECK(writer.problem() == "ok");
  me.close();
  CHECK(numbers_in_file(count) == "all");
}

TEST_CASE_METHOD(shared_file, "the last of many owners has every write once") {
  auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random{seed};
  std::vector<std::unique_ptr<peer>> owners;
  for (auto i = 0; i < 4; ++i)
    owners.push_back(std::make_unique<peer>(opts));
  REQUIRE(owners.front()->write(make_table) == "ok");
  member me{opts};
  REQUIRE(me.problem() == "none");
  counting_writer writer{me};
  for (auto& owner : owners) {
    writer.wait_for(static_cast<int64_t>(random() % 50));
    owner->kill();
  }
  writer.wait_for(20);
  auto count = writer.stop();
  CHECK(writer.problem() == "ok");
  me.close();
  CHECK(numbers_in_file(count) == "all");
}

TEST_CASE_METHOD(shared_file, "what is closed while it looks for the owner") {
  config cfg;
  caf::actor_system sys{cfg};
  for (auto round = 0; round < 20; ++round) {
    auto database = spawn_shared_database(sys, opts);
    caf::scoped_actor self{sys};
    caf::error err;
    compat::request(self, database, caf::infinite, onewriter::close{})
      .receive([](const close_receipt&) {},
               [&](caf::error& x) { err = std::move(x); });
    CHECK(outcome(err) == "ok");
    CHECK_FALSE(std::filesystem::exists(opts.path + "-owner"));
  }
}

TEST_CASE_METHOD(shared_file,
                 "who leaves an owner that stands still has a limit") {
  peer owner{opts};
  REQUIRE(owner.write(make_table) == "ok");
  member me{opts};
  REQUIRE(me.problem() == "none");
  owner.stand_still();
  caf::scoped_actor self{me.sys()};
  auto asked = compat::request(self, me.db().database(), caf::infinite,
                               onewriter::write{"INSERT INTO t VALUES(1)"});
  onewriter::close soon;
  soon.limit = std::chrono::milliseconds{100};
  auto receipt = me.db().close(soon);
  REQUIRE(outcome(receipt) == "ok");
  CHECK_FALSE(receipt->drained);
  CHECK(receipt->refused == 1);
  caf::error err;
  std::move(asked).receive([](const write_receipt&) {},
                           [&](caf::error& x) { err = std::move(x); });
  CHECK(to_string(code_of(err)) == "outcome_unknown");
  owner.go_on();
}

TEST_CASE_METHOD(shared_file, "what an owner has left is no obstacle") {
  owner_record left;
  left.process_id = 1;
  left.host = loopback;
  left.port = 1;
  left.protocol = sharing_protocol;
  left.caf = compat::caf_generation();
  left.secret = std::string(64, '0');
  std::ofstream{opts.path + "-owner"} << to_text(left);
  member me{opts};
  CHECK(me.problem() == "none");
}

TEST_CASE_METHOD(shared_file, "owners of another kind are not joined") {
  auto lock = sqlite::owner_lock::acquire(opts.path);
  REQUIRE(lock);
  owner_record record;
  record.process_id = ::getpid();
  record.host = loopback;
  record.port = 1;
  record.protocol = sharing_protocol;
  record.caf = compat::caf_generation();
  record.secret = std::string(64, '0');
  auto me = std::to_string(::getpid());
  SECTION("a newer protocol") {
    record.protocol = 99;
    REQUIRE(publish_owner_record(opts.path, record) == caf::none);
    CHECK(member{opts}.problem()
          == "invalid_argument: the database is owned by process " + me
               + " with version of the protocol 99, this process has "
               + std::to_string(sharing_protocol)
               + ": use the same in all processes");
  }
  SECTION("another CAF") {
    record.caf = "9";
    REQUIRE(publish_owner_record(opts.path, record) == caf::none);
    CHECK(member{opts}.problem()
          == "invalid_argument: the database is owned by process " + me
               + " with CAF 9, this process has " + compat::caf_generation()
               + ": use the same in all processes");
  }
  SECTION("one that is not shared") {
    opts.lock_patience = std::chrono::milliseconds{100};
    CHECK(member{opts}.problem()
          == "busy: " + opts.path + " is owned by process " + me
               + ", which is this one: only one onewriter may own it, stop "
                 "that one first");
  }
  SECTION("one that cannot be reached") {
    opts.lock_patience = std::chrono::milliseconds{100};
    REQUIRE(publish_owner_record(opts.path, record) == caf::none);
    CHECK(member{opts}.problem().rfind("unavailable: no owner of the database "
                                       "can be reached: unavailable: no owner "
                                       "at 127.0.0.1:1",
                                       0)
          == 0);
  }
}

TEST_CASE_METHOD(shared_file, "without the secret there is no way in") {
  peer owner{opts};
  REQUIRE(owner.problem() == "none");
  auto record = read_owner_record(opts.path);
  REQUIRE(record);
  REQUIRE(*record);
  // What CAF takes by default, another secret, none, and the right one.
  for (std::string secret :
       {std::string{"generic-caf-app"}, std::string(64, '0'), std::string{}}) {
    CAPTURE(secret);
    network stranger{secret};
    auto session = stranger.join((*record)->host, (*record)->port);
    REQUIRE_FALSE(session);
    CHECK(to_string(code_of(session.error())) == "unavailable");
  }
  network friendly{(*record)->secret};
  CHECK(friendly.join((*record)->host, (*record)->port));
}

TEST_CASE_METHOD(shared_file, "CAF's own services are not offered") {
  peer owner{opts};
  REQUIRE(owner.problem() == "none");
  auto record = read_owner_record(opts.path);
  REQUIRE(record);
  REQUIRE(*record);
  network friendly{(*record)->secret};
  auto session = friendly.join((*record)->host, (*record)->port);
  REQUIRE(session);
  auto spawned = friendly.system().middleman().remote_spawn<caf::actor>(
    session->node(), "anything", caf::make_message(), std::chrono::seconds{10});
  REQUIRE_FALSE(spawned);
  // Nothing is there that could say that it knows no such actor.
  auto& why = spawned.error();
  CAPTURE(compat::render(friendly.system(), why));
  CHECK((compat::is_receiver_gone(why)
         || why == caf::exit_reason::remote_link_unreachable));
}

TEST_CASE_METHOD(shared_file, "a file that cannot be opened is said at once") {
  std::ofstream{opts.path} << "this is no database, and it is long enough to "
                              "be taken for one that is encrypted, "
                              "because a header has a hundred bytes";
  CHECK(member{opts}.problem().rfind("not_a_database", 0) == 0);
}

// The one who opens it and the one who waits for that have the same patience.
TEST_CASE_METHOD(shared_file, "a file that another program locks is busy") {
  raw_database other{opts.path};
  other.run("PRAGMA journal_mode=WAL; CREATE TABLE t(a); BEGIN IMMEDIATE");
  opts.lock_patience = std::chrono::milliseconds{100};
  opts.log = nullptr;
  for (auto i = 0; i < 5; ++i)
    CHECK(member{opts}.problem().rfind("busy", 0) == 0);
  other.run("COMMIT");
  CHECK(member{opts}.problem() == "none");
}
