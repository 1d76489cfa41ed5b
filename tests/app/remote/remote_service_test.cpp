// Databases that a service serves to other machines.
#include "app/remote/remote_database.hpp"

#include "onewriter/client.hpp"
#include "onewriter/config.hpp"
#include "tests/app/commands/command_fixture.hpp"
#include "tests/app/remote/authority.hpp"
#include "tests/app/remote/stranger.hpp"
#include "tests/app/serve/notify_end.hpp"
#include "tests/app/serve/service_process.hpp"
#include "tests/oracle/raw_database.hpp"
#include "tests/sharing/peer.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <signal.h>

using namespace onewriter;
using namespace onewriter::test;

namespace {

class remote_fixture : public command_fixture {
public:
  /// Starts `onewriter serve`. Must be called before the test has threads.
  void start(const std::vector<std::string>& more = {}) {
    auto words = with_tls(
      server, {file, "--create", "--listen=127.0.0.1:0", "--log-file=" + log});
    words.insert(words.end(), more.begin(), more.end());
    service.emplace(words, service_process::environment{
                             {"NOTIFY_SOCKET", manager.address()}});
    REQUIRE(manager.next() == "READY=1\nSTATUS=serving 1 database");
    auto text = content_of(log);
    auto at = text.rfind(mark);
    REQUIRE(at != text.npos);
    address.where.host = "127.0.0.1";
    address.where.port
      = static_cast<uint16_t>(std::stoi(text.substr(at + mark.size())));
    address.database = "test.db";
  }

  int stop() {
    service->send(SIGTERM);
    return service->end();
  }

  static std::vector<std::string> with_tls(const node::tls_files& files,
                                           std::vector<std::string> words) {
    words.insert(words.end(),
                 {"--tls-certificate=" + files.certificate,
                  "--tls-key=" + files.key, "--tls-ca-file=" + files.ca_file});
    return words;
  }

  /// Runs a command with the address as its file.
  command_outcome run_there(const std::string& name,
                            std::vector<std::string> more) {
    std::vector<std::string> words{name, node::to_string(address)};
    words.insert(words.end(), more.begin(), more.end());
    return run(with_tls(friendly, std::move(words)));
  }

  int count_in_log(const std::string& part) const {
    return count_in(log, part);
  }

  const std::string mark = "onewriter://127.0.0.1:";
  std::string log = folder.file("log");
  notify_end manager{folder.file("notify")};
  authority ours{folder.path(), "ours"};
  node::tls_files server = ours.issue("server", "serverAuth");
  node::tls_files friendly = ours.issue("friendly", "clientAuth");
  std::optional<service_process> service;
  node::remote_address address;
};

/// A database of a service, for a client.
class remote_user {
public:
  remote_user(const node::remote_address& where, const node::tls_files& files) {
    options opts;
    opts.lock_patience = std::chrono::seconds{20};
    auto made = node::spawn_remote_database(sys_, where, files, opts);
    if (!made)
      return;
    db_.emplace(sys_, std::move(*made));
    auto info = (*db_)->describe();
    problem_ = outcome(info);
  }

  client& db() {
    return **db_;
  }

  const std::string& problem() const {
    return problem_;
  }

  void close() {
    db_.reset();
  }

private:
  config cfg_;
  caf::actor_system sys_{cfg_};
  std::optional<scoped_database> db_;
  std::string problem_ = "none was made";
};

std::string noise(std::mt19937& random, size_t size) {
  std::string result(size, '\0');
  for (auto& c : result)
    c = static_cast<char>(random());
  return result;
}

} // namespace

TEST_CASE_METHOD(remote_fixture, "commands work on a database of a service") {
  start();
  CHECK(run_there("exec", {"CREATE TABLE t(a, b)"}).status == 0);
  auto written = run_there("exec", {"INSERT INTO t VALUES(1, x'00ff')"});
  CHECK(written.out.rfind("1 row changed, last rowid 1, commit ", 0) == 0);
  auto found = run_there("query", {"SELECT * FROM t", "--format=csv"});
  CHECK(without_returns(found.out) == "a,b\n1,x'00ff'\n");
  CHECK(run_there("status", {}).status == 0);
  CHECK(run_there("check", {}).status == 0);
  CHECK(run_there("checkpoint", {}).status == 0);
  CHECK(run_there("dead-letters", {"list"}).status == 0);
  auto source = folder.file("rows.csv");
  std::ofstream{source} << "a\n1\n2\n";
  CHECK(has(run_there("import", {"u", source, "--create"}).out,
            "2 rows into u, which is new"));
  auto copy = folder.file("copy.db");
  CHECK(run_there("backup", {copy}).status == 0);
  CHECK(exists(copy));
  auto missing = run_there("query", {"SELECT * FROM missing"});
  CHECK(missing.status == 1);
  CHECK(has(missing.err, "no such table: missing"));
  CHECK(stop() == 0);
  CHECK(has(content_of(log), " at 127.0.0.1:"));
  CHECK(has(content_of(log), " joined\n"));
  CHECK(has(content_of(log), " left\n"));
}

TEST_CASE_METHOD(remote_fixture, "what cannot be done at an address is said") {
  start();
  auto relative = run_there("backup", {"copy.db"});
  CHECK(relative.status == 2);
  CHECK(has(relative.err, "name it from the root"));
  auto create = run_there("exec", {"CREATE TABLE t(a)", "--create"});
  CHECK(create.status == 2);
  CHECK(has(create.err, "--create: a database of another machine"));
  auto restore = run({"restore", file, node::to_string(address)});
  CHECK(restore.status == 2);
  CHECK(has(restore.err, "is on another machine"));
  auto other = address;
  other.database = "other.db";
  auto unknown
    = run(with_tls(friendly, {"query", node::to_string(other), "SELECT 1"}));
  CHECK(unknown.status == 2);
  CHECK(has(unknown.err, "no database other.db is served here, but test.db"));
  auto open = run({"query", node::to_string(address), "SELECT 1"});
  CHECK(open.status == 2);
  CHECK(has(open.err, "set tls-certificate, tls-key and tls-ca-file"));
  auto no_address
    = run(with_tls(friendly, {"query", "onewriter://x", "SELECT 1"}));
  CHECK(no_address.status == 2);
  CHECK(stop() == 0);
  auto gone = run_there("query", {"SELECT 1"});
  CHECK(gone.status == 1);
  CHECK(has(gone.err, "cannot connect to 127.0.0.1:"));
}

TEST_CASE_METHOD(remote_fixture, "large values pass in both directions") {
  start();
  remote_user me{address, friendly};
  REQUIRE(me.problem() == "ok");
  REQUIRE(outcome(me.db().write("CREATE TABLE t(a)")) == "ok");
  auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (size_t size : {1u, 16'384u, 100'000u, 3'000'000u}) {
    CAPTURE(size);
    auto text = noise(random, size);
    blob bytes;
    for (auto c : text)
      bytes.push_back(static_cast<std::byte>(c));
    REQUIRE(outcome(me.db().write("DELETE FROM t")) == "ok");
    REQUIRE(outcome(me.db().write("INSERT INTO t VALUES(?)", bytes)) == "ok");
    auto found = me.db().query("SELECT a FROM t");
    REQUIRE(outcome(found) == "ok");
    CHECK(found->rows.at(0).get<blob>(0) == bytes);
  }
  me.close();
  CHECK(stop() == 0);
}

TEST_CASE_METHOD(remote_fixture, "strangers get nothing and disturb no one") {
  start();
  authority theirs{folder.path(), "theirs"};
  auto stranger = theirs.issue("stranger");
  remote_user me{address, friendly};
  REQUIRE(me.problem() == "ok");
  REQUIRE(outcome(me.db().write("CREATE TABLE t(a)")) == "ok");
  auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random{seed};
  auto port = address.where.port;
  const std::string large(300'000, 'x');
  constexpr auto rounds = 30;
  for (auto round = 0; round < rounds; ++round) {
    CHECK(bytes_for_stranger(port, {}) == "refused");
    CHECK(bytes_for_stranger(port, {stranger}) == "refused");
    CHECK(bytes_for_stranger(port, {friendly, true}) == "refused");
    CHECK(bytes_for_noise(port, noise(random, 1 + random() % 2'000)) == 0);
    CHECK(bytes_for_noise(port, "GET / HTTP/1.1\r\n\r\n") == 0);
    knock(port);
    REQUIRE(outcome(me.db().write("INSERT INTO t VALUES(?)", large)) == "ok");
    REQUIRE(outcome(me.db().query("SELECT a FROM t LIMIT 3")) == "ok");
  }
  // It has never been cut off.
  CHECK(count_in_log(" joined\n") == 1);
  CHECK(count_in_log(" left\n") == 0);
  CHECK(count_in_log(" is gone") == 0);
  me.close();
  CHECK(stop() == 0);
  raw_database db{file};
  CHECK(db.number("SELECT count(*) FROM t") == rounds);
}

TEST_CASE_METHOD(remote_fixture, "each side believes its own authority alone") {
  start();
  authority theirs{folder.path(), "theirs"};
  auto mixed = theirs.issue("stranger");
  SECTION("a client of another authority") {
    mixed.ca_file = server.ca_file;
  }
  SECTION("a client that believes another authority") {
    mixed = friendly;
    mixed.ca_file = theirs.issue("other").ca_file;
  }
  SECTION("a certificate of a server is not one of a client") {
    mixed = server;
  }
  CHECK(remote_user{address, mixed}.problem().rfind(
          "unavailable: cannot connect", 0)
        == 0);
  CHECK(remote_user{address, friendly}.problem() == "ok");
  CHECK(stop() == 0);
}

TEST_CASE_METHOD(remote_fixture, "a client finds a service that comes back") {
  start();
  service_process next{
    with_tls(server, {file, "--listen=" + node::to_string(address.where),
                      "--log-file=" + log}),
    {{"NOTIFY_SOCKET", manager.address()}},
    service_process::start::when_told};
  remote_user me{address, friendly};
  REQUIRE(me.problem() == "ok");
  REQUIRE(outcome(me.db().write("CREATE TABLE t(a)")) == "ok");
  CHECK(stop() == 0);
  next.go();
  CHECK(outcome(me.db().write("INSERT INTO t VALUES(1)")) == "ok");
  CHECK(outcome(me.db().write("INSERT INTO t VALUES(2)")) == "ok");
  me.close();
  next.send(SIGTERM);
  CHECK(next.end() == 0);
  raw_database db{file};
  CHECK(db.text("SELECT count(*) || ' ' || sum(a) FROM t") == "2 3");
}

TEST_CASE_METHOD(remote_fixture, "two services cannot have one port") {
  start();
  service_process second{
    with_tls(server, {file, "--listen=" + node::to_string(address.where),
                      "--log-file=" + folder.file("log2")})};
  CHECK(second.end() == 3);
  auto text = content_of(folder.file("log2"));
  CHECK(has(text, "cannot listen at 127.0.0.1:"));
  CHECK(has(text, "the port is in use by another process"));
  CHECK_FALSE(has(text, "test.db: opened "));
  CHECK_FALSE(has(text, "test.db: joined "));
  CHECK(stop() == 0);
}

TEST_CASE_METHOD(remote_fixture, "SIGHUP reads certificates again") {
  // Clients have copies of their own.
  auto authorities = folder.file("server-ca.pem");
  std::filesystem::copy_file(server.ca_file, authorities);
  server.ca_file = authorities;
  start();
  auto reload = [&] {
    service->send(SIGHUP);
    return manager.next().rfind("RELOADING=1", 0) == 0
           && manager.next() == "READY=1\nSTATUS=serving 1 database";
  };
  remote_user me{address, friendly};
  REQUIRE(me.problem() == "ok");
  authority next{folder.path(), "next"};
  auto fresh = next.issue("fresh server", "serverAuth");
  auto newcomer = next.issue("newcomer", "clientAuth");
  auto replace = [](const std::string& from, const std::string& to) {
    std::filesystem::copy_file(
      from, to, std::filesystem::copy_options::overwrite_existing);
  };
  replace(fresh.certificate, server.certificate);
  replace(fresh.key, server.key);
  replace(fresh.ca_file, server.ca_file);
  constexpr char refused[] = "unavailable: cannot connect";
  CHECK(remote_user{address, newcomer}.problem().rfind(refused, 0) == 0);
  REQUIRE(reload());
  CHECK(count_in_log("the certificates were read again") == 1);
  CHECK(remote_user{address, newcomer}.problem() == "ok");
  CHECK(remote_user{address, friendly}.problem().rfind(refused, 0) == 0);
  SECTION("a file that is no use is an error, and those of before stay") {
    std::ofstream{server.certificate} << "nothing";
    REQUIRE(reload());
    CHECK(count_in_log("error going on with the old certificates: "
                       "invalid_argument: tls-certificate: OpenSSL does not "
                       "take ")
          == 1);
    CHECK(remote_user{address, newcomer}.problem() == "ok");
  }
  SECTION("so is a key of another certificate") {
    replace(newcomer.key, server.key);
    REQUIRE(reload());
    CHECK(count_in_log("error going on with the old certificates: ") == 1);
    CHECK(remote_user{address, newcomer}.problem() == "ok");
  }
  // Connections stay as they are: this one could not be made once more.
  CHECK(outcome(me.db().write("CREATE TABLE t(a)")) == "ok");
  me.close();
  CHECK(stop() == 0);
}

TEST_CASE_METHOD(remote_fixture,
                 "a port closes connections of too many strangers at once") {
  start({"--serve.max-strangers=2"});
  remote_user me{address, friendly};
  REQUIRE(me.problem() == "ok");
  auto port = address.where.port;
  silent_connection first{port};
  silent_connection second{port};
  CHECK(silent_connection{port}.is_closed());
  CHECK(silent_connection{port}.is_closed());
  CHECK(count_in_log("warning closed 1 connection at once: as many as "
                     "serve.max-strangers says")
        == 1);
  CHECK(outcome(me.db().write("CREATE TABLE t(a)")) == "ok");
  me.close();
  CHECK(stop() == 0);
}

TEST_CASE_METHOD(remote_fixture, "a stranger that says nothing is cut off") {
  using std::chrono::milliseconds;
  start({"--serve.silence-limit=1s"});
  remote_user me{address, friendly};
  REQUIRE(me.problem() == "ok");
  using clock = std::chrono::steady_clock;
  auto since = clock::now();
  auto used_before = service->processor_time();
  CHECK(silent_connection{address.where.port}.is_closed());
  CHECK(clock::now() - since >= milliseconds{1'000});
  // Waiting for it takes no processor.
  CHECK(service->processor_time() - used_before < milliseconds{300});
  CHECK(outcome(me.db().write("CREATE TABLE t(a)")) == "ok");
  me.close();
  CHECK(stop() == 0);
}

TEST_CASE_METHOD(remote_fixture,
                 "those who have joined come back with a database that gave "
                 "up") {
  start({"--serve.reopen-delay=10ms"});
  remote_user me{address, friendly};
  REQUIRE(me.problem() == "ok");
  REQUIRE(outcome(me.db().write("CREATE TABLE t(a)")) == "ok");
  auto elsewhere = folder.file("elsewhere.db");
  std::filesystem::rename(file, elsewhere);
  CHECK(outcome(me.db().write("INSERT INTO t VALUES(1)")) != "ok");
  CHECK(manager.next()
        == "STATUS=serving 0 of 1 database; down: test.db (file_replaced)");
  CHECK(manager.next()
        == "STATUS=serving 0 of 1 database; down: test.db (cannot_open)");
  CHECK(remote_user{address, friendly}.problem().rfind(
          "unavailable: test.db is not open at the moment", 0)
        == 0);
  std::filesystem::rename(elsewhere, file);
  CHECK(outcome(me.db().write("INSERT INTO t VALUES(2)")) == "ok");
  me.close();
  CHECK(stop() == 0);
  raw_database db{file};
  CHECK(db.text("SELECT group_concat(a) FROM t") == "2");
}

TEST_CASE_METHOD(remote_fixture, "without TLS no service listens") {
  auto status = [&](const std::vector<std::string>& words) {
    service_process tried{words};
    return tried.end();
  };
  auto at = std::string{"--listen=127.0.0.1:0"};
  CHECK(status({file, "--create", at}) == 2);
  CHECK_FALSE(exists(file));
  auto words = with_tls(server, {file, "--create", at, "--log-file=" + log});
  SECTION("a key that others can read") {
    std::filesystem::permissions(server.key,
                                 std::filesystem::perms::others_read,
                                 std::filesystem::perm_options::add);
    CHECK(status(words) == 2);
  }
  SECTION("a key of another certificate") {
    std::filesystem::copy_file(
      friendly.key, server.key,
      std::filesystem::copy_options::overwrite_existing);
    CHECK(status(words) == 2);
    CHECK(has(content_of(log), "tls-key: OpenSSL does not take "));
  }
  SECTION("a certificate that is none") {
    std::ofstream{server.certificate} << "nothing";
    CHECK(status(words) == 2);
    CHECK(has(content_of(log), "tls-certificate: OpenSSL does not take "));
  }
  SECTION("an authority that is none") {
    std::ofstream{server.ca_file} << "nothing";
    CHECK(status(words) == 2);
    CHECK(has(content_of(log), "tls-ca-file: OpenSSL does not take "));
  }
  SECTION("no port") {
    words[2] = "--listen=127.0.0.1";
    CHECK(status(words) == 2);
  }
  SECTION("another machine") {
    words[2] = "--listen=192.0.2.1:0";
    CHECK(status(words) == 2);
    CHECK(has(content_of(log), "the host is none of this machine's addresses"));
  }
  SECTION("no machine") {
    words[2] = "--listen=no machine:0";
    CHECK(status(words) == 2);
    CHECK(has(content_of(log), "cannot listen at no machine:0: no machine: "));
  }
  CHECK_FALSE(exists(file));
}
