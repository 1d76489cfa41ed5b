// `onewriter serve` as a process of its own.
#include "app/serve/service_events.hpp"

#include "actors/console/stop_signal.hpp"
#include "actors/sqlite/file/owner_lock.hpp"
#include "messages/compat/requests.hpp"
#include "onewriter/compat/messaging.hpp"
#include "tests/app/serve/notify_end.hpp"
#include "tests/app/serve/service_process.hpp"
#include "tests/catch.hpp"
#include "tests/oracle/raw_database.hpp"
#include "tests/sharing/peer.hpp"
#include "tests/temp_folder.hpp"

#include <filesystem>
#include <fstream>
#include <future>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <signal.h>

using namespace onewriter;
using namespace onewriter::test;

namespace {

class service_fixture {
public:
  service_fixture() {
    opts.path = shop;
    std::ofstream{config} << config_text("onewriter", "readers=2\n");
  }

  std::vector<std::string> words(std::vector<std::string> more = {}) const {
    more.insert(more.end(), {shop, "--create", "--config-file=" + config,
                             "--log-file=" + log});
    return more;
  }

  service_process::environment variables() const {
    return {{"NOTIFY_SOCKET", manager.address()}};
  }

  bool has_logged(const std::string& part) const {
    return content_of(log).find(part) != std::string::npos;
  }

  temp_folder folder;
  std::string shop = folder.file("shop.db");
  std::string config = folder.file("serve.conf");
  std::string log = folder.file("log");
  notify_end manager{folder.file("notify")};
  // Of processes that join.
  options opts;
};

constexpr char is_ready[] = "READY=1\nSTATUS=serving 1 database";

bool begins_with(const std::string& text, const std::string& part) {
  return text.compare(0, part.size(), part) == 0;
}

// What happens at SIGHUP and two times SIGTERM.
std::string events_of_signals() {
  signal_shield shield;
  std::promise<void> second;
  node::service_events events{[&] {
    second.set_value();
  }};
  std::string seen;
  for (auto number : {SIGHUP, SIGHUP, SIGTERM}) {
    kill(getpid(), number);
    auto what = events.wait_until(std::nullopt)->what;
    seen += what == node::service_event::reload ? "reload " : "stop ";
  }
  kill(getpid(), SIGTERM);
  second.get_future().wait();
  auto more = events.wait_until(std::chrono::steady_clock::time_point::min());
  return seen + (more ? "more" : "second");
}

} // namespace

TEST_CASE("signals of a service are events, and the second to stop is not") {
  CHECK(in_child(events_of_signals) == "reload reload stop second");
}

TEST_CASE_METHOD(service_fixture,
                 "a service commits what waits when it is told to stop") {
  auto stock = folder.file("stock.db");
  service_process service{words({stock}), variables()};
  REQUIRE(manager.next() == "READY=1\nSTATUS=serving 2 databases");
  member me{opts};
  REQUIRE(me.problem() == "none");
  REQUIRE(outcome(me.db().write("CREATE TABLE t(a)")) == "ok");
  // Many are under way when the signal comes.
  caf::scoped_actor self{me.sys()};
  using reply = decltype(compat::request(self, me.db().database(),
                                         caf::infinite, onewriter::write{""}));
  std::vector<reply> replies;
  constexpr auto count = 1'000;
  for (auto i = 1; i <= count; ++i) {
    replies.push_back(
      compat::request(self, me.db().database(), caf::infinite,
                      onewriter::write{"INSERT INTO t VALUES(?)", i}));
    if (i == count / 2)
      service.send(SIGTERM);
  }
  auto acknowledged = 0;
  for (auto& x : replies)
    std::move(x).receive([&](const write_receipt&) { ++acknowledged; },
                         [](const caf::error& err) { FAIL(describe(err)); });
  CHECK(acknowledged == count);
  CHECK(begins_with(manager.next(), "STOPPING=1"));
  CHECK(service.end() == 0);
  CHECK(has_logged("info shop.db: the last commit is "));
  CHECK(has_logged("info stock.db: the last commit is "));
  CHECK(has_logged("info ends with status 0"));
  me.close();
  raw_database db{shop};
  CHECK(db.text("SELECT count(*) || ' ' || count(DISTINCT a) FROM t")
        == "1000 1000");
}

TEST_CASE_METHOD(service_fixture, "SIGHUP reads the configuration again") {
  service_process service{words(), variables()};
  REQUIRE(manager.next() == is_ready);
  auto old = folder.file("log.1");
  std::filesystem::rename(log, old);
  std::ofstream{config} << config_text("onewriter", "readers=3\n")
                        << config_text("serve", "log-level=\"warning\"\n");
  service.send(SIGHUP);
  REQUIRE(begins_with(manager.next(), "RELOADING=1\nMONOTONIC_USEC="));
  REQUIRE(manager.next() == is_ready);
  CHECK(content_of(old).find("a restart is needed for onewriter.readers")
        == std::string::npos);
  std::ofstream{config} << config_text("onewriter", "readers=3\n");
  service.send(SIGHUP);
  REQUIRE(begins_with(manager.next(), "RELOADING=1"));
  REQUIRE(manager.next() == is_ready);
  CHECK(
    has_logged("the configuration was read again, and the log opened again; "
               "a restart is needed for onewriter.readers\n"));
  std::ofstream{config} << config_text("serve", "log-level=\"loud\"\n");
  service.send(SIGHUP);
  REQUIRE(begins_with(manager.next(), "RELOADING=1"));
  REQUIRE(manager.next() == is_ready);
  CHECK(has_logged("error going on with the old configuration: serve.log-level "
                   "must be info, warning or error\n"));
  service.send(SIGTERM);
  CHECK(service.end() == 0);
}

TEST_CASE_METHOD(service_fixture,
                 "a watchdog is fed while the databases answer") {
  peer owner{opts};
  REQUIRE(owner.problem() == "none");
  auto all = variables();
  all["WATCHDOG_USEC"] = "200000";
  service_process service{words(), all};
  REQUIRE(manager.next() == is_ready);
  CHECK(manager.next() == "WATCHDOG=1");
  CHECK(manager.next() == "WATCHDOG=1");
  owner.stand_still();
  constexpr char no_answer[] = "error shop.db: does not answer";
  CHECK(wait_for(log, no_answer));
  manager.drain();
  CHECK(wait_for(log, no_answer, 3));
  CHECK(manager.drain() == 0);
  owner.go_on();
  CHECK(manager.next() == "WATCHDOG=1");
  service.send(SIGINT);
  CHECK(begins_with(manager.next_change(), "STOPPING=1"));
  CHECK(service.end() == 0);
}

TEST_CASE_METHOD(service_fixture, "a service takes over from a killed owner") {
  opts.alerts.dead_letters = 1;
  peer owner{opts};
  REQUIRE(owner.problem() == "none");
  service_process service{words(), variables()};
  REQUIRE(manager.next() == is_ready);
  CHECK(wait_for(log, "info shop.db: joined process "));
  owner.kill();
  CHECK(wait_for(log, "info shop.db: opened "));
  member me{opts};
  CHECK(me.problem() == "none");
  CHECK(outcome(me.db().write("CREATE TABLE t(a)")) == "ok");
  // The service hears of alerts of its own database, too.
  compat::anon_send(me.db().database(),
                    onewriter::write{"INSERT INTO nothing VALUES(1)"});
  CHECK(wait_for(log, "warning shop.db: alert dead_letters: "));
  me.close();
  service.send(SIGTERM);
  CHECK(service.end() == 0);
}

namespace {

/// A service with the databases shop.db and stock.db.
class two_databases : public service_fixture {
public:
  explicit two_databases(std::vector<std::string> more = {}) {
    more.insert(more.end(), {stock, "--serve.reopen-delay=10ms"});
    service.emplace(words(std::move(more)), variables());
    REQUIRE(manager.next() == "READY=1\nSTATUS=serving 2 databases");
  }

  // Writes to a database that this process joins.
  std::string write_to(const std::string& path) {
    auto mine = opts;
    mine.path = path;
    member me{mine};
    if (me.problem() != "none")
      return me.problem();
    auto result = outcome(me.db().write("CREATE TABLE IF NOT EXISTS t(a)"));
    return result == "ok" ? outcome(me.db().write("INSERT INTO t VALUES(1)"))
                          : result;
  }

  // Puts a folder in the place of the file.
  void hide() {
    REQUIRE(write_to(shop) == "ok");
    member me{opts};
    REQUIRE(me.problem() == "none");
    std::filesystem::rename(shop, elsewhere);
    // Nor can this process create a file there when it takes over.
    std::filesystem::create_directory(shop);
    CHECK(outcome(me.db().write("INSERT INTO t VALUES(1)")) != "ok");
  }

  bool wait_until_all_serve() {
    for (;;) {
      auto told = manager.next();
      if (told == "STATUS=serving 2 databases" || told == "nothing")
        return told != "nothing";
    }
  }

  std::string stock = folder.file("stock.db");
  std::string elsewhere = folder.file("elsewhere.db");
  std::optional<service_process> service;
};

} // namespace

TEST_CASE_METHOD(two_databases,
                 "a database that gave up is opened again, and others go on") {
  hide();
  CHECK(manager.next()
        == "STATUS=serving 1 of 2 databases; down: shop.db (file_replaced)");
  CHECK(wait_for(log, "error shop.db: gave up: file_replaced: "));
  CHECK(wait_for(log, "warning shop.db: is opened again in "));
  CHECK(manager.next()
        == "STATUS=serving 1 of 2 databases; down: shop.db (cannot_open)");
  CHECK(write_to(stock) == "ok");
  std::filesystem::remove(shop);
  std::filesystem::rename(elsewhere, shop);
  CHECK(wait_until_all_serve());
  CHECK(write_to(shop) == "ok");
  service->send(SIGTERM);
  CHECK(begins_with(manager.next(), "STOPPING=1"));
  CHECK(service->end() == 0);
  raw_database db{shop};
  CHECK(db.number("SELECT count(*) FROM t") == 2);
}

TEST_CASE("a service ends when databases give up too often") {
  auto most = GENERATE("0", "2");
  two_databases x{{std::string{"--serve.max-failures="} + most}};
  x.hide();
  CHECK(x.service->end() == 1);
  CHECK(x.has_logged("databases gave up too often: restart_limit: "));
  // The other one was closed in order.
  CHECK(x.has_logged("info stock.db: the last commit is "));
}

TEST_CASE_METHOD(two_databases,
                 "a damaged database is opened again at SIGHUP alone") {
  REQUIRE(write_to(shop) == "ok");
  {
    member me{opts};
    REQUIRE(me.problem() == "none");
    REQUIRE(outcome(me.db().checkpoint()) == "ok");
    std::filesystem::copy_file(shop, elsewhere);
    std::fstream file{shop, std::ios::in | std::ios::out | std::ios::binary};
    file << "this is no database";
    file.close();
    CHECK(outcome(me.db().write("INSERT INTO t VALUES(1)")) != "ok");
  }
  CHECK(begins_with(manager.next(),
                    "STATUS=serving 1 of 2 databases; lost: shop.db ("));
  CHECK(wait_for(log, "error shop.db: is not opened again before SIGHUP"));
  CHECK(write_to(stock) == "ok");
  std::filesystem::remove(shop);
  std::filesystem::remove(shop + "-wal");
  std::filesystem::remove(shop + "-shm");
  service->send(SIGHUP);
  CHECK(begins_with(manager.next(), "RELOADING=1"));
  CHECK(manager.next()
        == "READY=1\nSTATUS=serving 1 of 2 databases; opening: shop.db");
  // It is not created a second time.
  CHECK(manager.next()
        == "STATUS=serving 1 of 2 databases; down: shop.db (cannot_open)");
  CHECK_FALSE(std::filesystem::exists(shop));
  std::filesystem::rename(elsewhere, shop);
  CHECK(wait_until_all_serve());
  CHECK(write_to(shop) == "ok");
  service->send(SIGTERM);
  CHECK(service->end() == 0);
}

TEST_CASE_METHOD(service_fixture,
                 "a database that fails while it is closed is no success") {
  service_process service{words(), variables()};
  REQUIRE(manager.next() == is_ready);
  {
    member me{opts};
    REQUIRE(me.problem() == "none");
    REQUIRE(outcome(me.db().write("CREATE TABLE t(a)")) == "ok");
  }
  std::filesystem::rename(shop, folder.file("elsewhere.db"));
  service.send(SIGTERM);
  CHECK(service.end() == 1);
  CHECK(has_logged("file_replaced: "));
  CHECK_FALSE(has_logged("the last commit is"));
}

TEST_CASE_METHOD(service_fixture,
                 "a service that is told to stop before it is open is not "
                 "ready") {
  auto lock = sqlite::owner_lock::acquire(shop);
  REQUIRE(lock);
  service_process service{words({"--onewriter.lock-patience=10min"}),
                          variables()};
  REQUIRE(wait_for(log, "starts, process "));
  service.send(SIGTERM);
  CHECK(service.end() == 0);
  CHECK(manager.drain() == 0);
}

TEST_CASE_METHOD(service_fixture,
                 "the exit status says why a service did not start") {
  SECTION("a file that is not there") {
    service_process service{{shop, "--log-file=" + log}};
    CHECK(service.end() == 1);
    CHECK(has_logged("shop.db does not exist; --create creates it"));
  }
  SECTION("an option that is out of its range") {
    service_process service{words({"--onewriter.readers=1000"})};
    CHECK(service.end() == 2);
    CHECK(has_logged("onewriter.readers: must be"));
  }
  SECTION("a log file that belongs to a database") {
    log = shop + GENERATE("", "-wal", "-owner");
    service_process service{words()};
    CHECK(service.end() == 2);
    CHECK_FALSE(std::filesystem::exists(log));
  }
  SECTION("two databases of one name") {
    auto other = folder.file("other");
    std::filesystem::create_directory(other);
    service_process service{words({other + "/shop.db"})};
    CHECK(service.end() == 2);
    CHECK(has_logged("two databases have the name shop.db"));
  }
  SECTION("a configuration that is not there") {
    service_process service{{shop, "--create", "--config-file=/no/such.conf"}};
    CHECK(service.end() == 2);
  }
  SECTION("another process that keeps the file to itself") {
    auto lock = sqlite::owner_lock::acquire(shop);
    REQUIRE(lock);
    service_process service{words({"--onewriter.lock-patience=50ms"})};
    CHECK(service.end() == 3);
    CHECK(has_logged("shop.db is owned by process "));
  }
  CHECK(manager.drain() == 0);
}
