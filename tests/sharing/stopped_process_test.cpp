// Processes that stand still, start at once, or meet strangers.
#include "actors/sharing/network.hpp"
#include "actors/sharing/owner_record.hpp"
#include "actors/sharing/peer_user.hpp"
#include "actors/sqlite/file/owner_lock.hpp"
#include "messages/compat/network.hpp"
#include "onewriter/compat/messaging.hpp"
#include "tests/catch.hpp"
#include "tests/oracle/raw_database.hpp"
#include "tests/sharing/peer.hpp"
#include "tests/temp_folder.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <random>
#include <thread>
#include <vector>

using namespace onewriter;
using namespace onewriter::test;

namespace {

class strangers_fixture {
public:
  strangers_fixture() {
    opts.path = folder.file("shared.db");
  }

  owner_record record() const {
    auto result = read_owner_record(opts.path);
    REQUIRE(result);
    REQUIRE(*result);
    return **result;
  }

  temp_folder folder;
  options opts;
};

/// A connection to a port of 127.0.0.1.
class stranger {
public:
  explicit stranger(uint16_t port)
    : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in to = {};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    ::inet_pton(AF_INET, loopback, &to.sin_addr);
    timeval limit{0, 200'000};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    is_connected_
      = ::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  }

  stranger(const stranger&) = delete;

  ~stranger() {
    ::close(socket_);
  }

  bool is_connected() const {
    return is_connected_;
  }

  void send(const std::string& bytes) {
    static_cast<void>(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL)
                      > 0);
  }

  /// Waits for what the other side does first. Returns whether it closes the
  /// connection without a word.
  bool is_turned_away() {
    timeval limit{30, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    char buf[1];
    auto size = ::recv(socket_, buf, sizeof buf, 0);
    return size == 0 || (size < 0 && errno == ECONNRESET);
  }

  int socket() const {
    return socket_;
  }

  /// Returns what comes until nothing has for a fifth of a second.
  std::string read_all() {
    std::string result;
    char buf[4'096];
    for (;;) {
      auto size = ::recv(socket_, buf, sizeof buf, 0);
      if (size <= 0)
        return result;
      result.append(buf, static_cast<size_t>(size));
    }
  }

private:
  int socket_;
  bool is_connected_ = false;
};

uint64_t resident_bytes(pid_t pid) {
  std::ifstream from{"/proc/" + std::to_string(pid) + "/statm"};
  uint64_t all = 0;
  uint64_t resident = 0;
  from >> all >> resident;
  return resident * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
}

// A header as CAF's protocol has it (caf/io/basp/header.hpp): 32 bytes, numbers
// with the most significant byte first.
std::string header_of(uint8_t operation, uint32_t payload_bytes,
                      std::mt19937& random) {
  std::string result(32, '\0');
  result[0] = static_cast<char>(operation);
  for (size_t i = 0; i < 4; ++i)
    result[4 + i] = static_cast<char>(payload_bytes >> (24 - 8 * i));
  if (random() % 2 == 0)
    for (size_t i = 8; i < result.size(); ++i)
      result[i] = static_cast<char>(random());
  return result;
}

// Begins no header that CAF takes for one: it would allocate what that
// announces.
std::string random_bytes(size_t size, std::mt19937& random) {
  std::string result(size, '\0');
  for (auto& x : result)
    x = static_cast<char>(random() | 0x80);
  return result;
}

// How often long tests do something.
size_t rounds(size_t usual) {
  auto text = std::getenv("ONEWRITER_ROUNDS");
  return text == nullptr ? usual : std::strtoull(text, nullptr, 10);
}

} // namespace

TEST_CASE_METHOD(strangers_fixture, "an owner that stands still") {
  opts.lock_patience = std::chrono::seconds{2};
  peer owner{opts};
  REQUIRE(owner.write("CREATE TABLE t(a)") == "ok");
  peer other{opts};
  REQUIRE(other.problem() == "none");
  member me{opts};
  REQUIRE(me.problem() == "none");
  owner.stand_still();
  auto start = std::chrono::steady_clock::now();
  auto lost = me.db().write("INSERT INTO t VALUES(1)");
  REQUIRE_FALSE(lost);
  CHECK(outcome(lost)
        == "outcome_unknown: no reply has come: unavailable: no owner of the "
           "database can be reached: unavailable: the process that owns the "
           "database does not answer");
  auto failed = me.db().query("SELECT 1");
  REQUIRE_FALSE(failed);
  CHECK(to_string(code_of(failed.error())) == "unavailable");
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{20});
  // Nor does a process that comes now take the file.
  CHECK(to_string(code_of(onewriter::open(me.sys(), opts).error()))
        == "unavailable");
  owner.go_on();
  CHECK(outcome(me.db().write("INSERT INTO t VALUES(2)")) == "ok");
  CHECK(other.write("INSERT INTO t VALUES(3)") == "ok");
  CHECK(owner.write("INSERT INTO t VALUES(4)") == "ok");
  auto found = me.db().query("SELECT a FROM t WHERE a > 1 ORDER BY a");
  REQUIRE(outcome(found) == "ok");
  CHECK(to_string(*found) == "2\n3\n4\n");
  auto once = me.db().query("SELECT count(*) < 2 FROM t WHERE a = 1");
  REQUIRE(outcome(once) == "ok");
  CHECK(to_string(*once) == "1\n");
}

TEST_CASE_METHOD(strangers_fixture, "a short pause of the owner is no error") {
  peer owner{opts};
  REQUIRE(owner.write("CREATE TABLE t(a)") == "ok");
  member me{opts};
  REQUIRE(me.problem() == "none");
  owner.stand_still();
  caf::scoped_actor self{me.sys()};
  auto asked = compat::request(self, me.db().database(), caf::infinite,
                               onewriter::write{"INSERT INTO t VALUES(1)"});
  // Longer than it takes until the owner counts as silent.
  std::this_thread::sleep_for(std::chrono::milliseconds{3'500});
  owner.go_on();
  std::string result;
  std::move(asked).receive([&](const write_receipt&) { result = "ok"; },
                           [&](caf::error& x) { result = describe(x); });
  CHECK(result == "ok");
  CHECK(outcome(me.db().write("INSERT INTO t VALUES(2)")) == "ok");
}

TEST_CASE_METHOD(strangers_fixture, "a deadline does not begin again") {
  opts.lock_patience = std::chrono::seconds{20};
  peer owner{opts};
  REQUIRE(owner.write("CREATE TABLE t(a)") == "ok");
  member me{opts};
  REQUIRE(me.problem() == "none");
  owner.stand_still();
  onewriter::write what{"INSERT INTO t VALUES(1)"};
  what.deadline = std::chrono::milliseconds{100};
  auto lost = me.db().write(what);
  REQUIRE_FALSE(lost);
  CHECK(outcome(lost)
        == "outcome_unknown: no reply has come: deadline_exceeded: the "
           "deadline has passed while there was no owner");
  owner.go_on();
  CHECK(outcome(me.db().write("INSERT INTO t VALUES(2)")) == "ok");
}

TEST_CASE_METHOD(strangers_fixture, "a client that reads nothing") {
  constexpr auto count = 300;
  opts.max_result_bytes = 4'000'000;
  peer owner{opts};
  REQUIRE(owner.write("CREATE TABLE t(a)") == "ok");
  child_process greedy{[&](talk_end& parent) {
    member me{opts};
    parent.tell(me.problem());
    parent.wait();
    caf::scoped_actor self{me.sys()};
    auto ask = [&] {
      return compat::request(self, me.db().database(), caf::infinite,
                             query{"SELECT zeroblob(1000000)"});
    };
    std::vector<decltype(ask())> asked;
    for (auto i = 0; i < count; ++i)
      asked.push_back(ask());
    parent.tell("sent");
    auto expected = 0;
    for (auto& x : asked)
      std::move(x).receive(
        [&](const result_set&) { ++expected; },
        [&](caf::error& err) { expected += err == ec::overloaded ? 1 : 0; });
    parent.tell(std::to_string(expected));
    parent.wait();
    me.close();
  }};
  REQUIRE(greedy.wait() == "none");
  member me{opts};
  REQUIRE(me.problem() == "none");
  auto before = resident_bytes(owner.pid());
  greedy.tell();
  REQUIRE(greedy.wait() == "sent");
  ::kill(greedy.pid(), SIGSTOP);
  // Behind all that it has asked for, as readers take turns.
  for (auto i = 0; i < 400; ++i) {
    CHECK(outcome(me.db().write("INSERT INTO t VALUES(?)", i)) == "ok");
    CHECK(outcome(me.db().query("SELECT 1")) == "ok");
  }
  auto after = resident_bytes(owner.pid());
  CAPTURE(before, after);
  // All of its results would be 300 MB; what it took before it stopped has
  // passed through.
  CHECK(after < before + 128 * 1024 * 1024);
  ::kill(greedy.pid(), SIGCONT);
  CHECK(greedy.wait() == std::to_string(count));
  CHECK(greedy.end() == 0);
}

TEST_CASE_METHOD(strangers_fixture, "one of those who start at once owns it") {
  for (size_t round = 0; round < rounds(10); ++round) {
    CAPTURE(round);
    opts.path = folder.file("shared" + std::to_string(round) + ".db");
    std::vector<std::unique_ptr<child_process>> both;
    for (auto i = 0; i < 2; ++i)
      both.push_back(std::make_unique<child_process>([&](talk_end& parent) {
        parent.tell("ready");
        parent.wait();
        member me{opts};
        if (me.problem() != "none")
          return parent.tell(me.problem());
        // Functions are for the owner alone.
        auto mine = me.db().transaction([](session&) { return result_set{}; });
        auto wrote = me.db().write("CREATE TABLE IF NOT EXISTS t(a)");
        parent.tell(!wrote ? outcome(wrote) : mine ? "owner" : "other");
        parent.wait();
        me.close();
      }));
    for (auto& x : both)
      REQUIRE(x->wait() == "ready");
    for (auto& x : both)
      x->tell();
    std::vector<std::string> roles;
    for (auto& x : both)
      roles.push_back(x->wait());
    std::sort(roles.begin(), roles.end());
    CHECK(roles == std::vector<std::string>{"other", "owner"});
    for (auto& x : both)
      CHECK(x->end() == 0);
  }
}

TEST_CASE_METHOD(strangers_fixture, "the secret is not sent to strangers") {
  peer owner{opts};
  REQUIRE(owner.problem() == "none");
  auto what = record();
  stranger who{what.port};
  REQUIRE(who.is_connected());
  auto greeting = who.read_all();
  // CAF's handshake, with its application identifiers.
  CHECK(greeting.find("onewriter-") != std::string::npos);
  CHECK(greeting.find(what.secret) == std::string::npos);
}

TEST_CASE("the kernel tells whose a connection is") {
  auto listening = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at = {};
  at.sin_family = AF_INET;
  ::inet_pton(AF_INET, loopback, &at.sin_addr);
  socklen_t size = sizeof at;
  REQUIRE(::bind(listening, reinterpret_cast<sockaddr*>(&at), size) == 0);
  REQUIRE(::listen(listening, 1) == 0);
  REQUIRE(::getsockname(listening, reinterpret_cast<sockaddr*>(&at), &size)
          == 0);
  {
    stranger here{ntohs(at.sin_port)};
    auto accepted = ::accept(listening, nullptr, nullptr);
    CHECK(user_of_peer(accepted) == ::geteuid());
    CHECK(user_of_peer(here.socket()) == ::geteuid());
    ::close(accepted);
    CHECK_FALSE(user_of_peer(here.socket()));
  }
  CHECK_FALSE(user_of_peer(listening));
  ::close(listening);
  CHECK(is_trusted(::geteuid()));
  CHECK(is_trusted(0));
  CHECK_FALSE(is_trusted(::geteuid() + 1));
}

TEST_CASE_METHOD(strangers_fixture, "another user does not get in") {
  if (::geteuid() != 0) {
    WARN("not tested: only root can become another user");
    return;
  }
  peer owner{opts};
  REQUIRE(owner.problem() == "none");
  auto port = record().port;
  auto child = ::fork();
  if (child == 0) {
    constexpr uid_t another = 65'534;
    if (::setgid(another) != 0 || ::setuid(another) != 0)
      ::_exit(2);
    stranger who{port};
    ::_exit(who.is_connected() && who.is_turned_away() ? 0 : 1);
  }
  auto status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(owner.write("CREATE TABLE t(a)") == "ok");
  // The same by this user.
  stranger who{port};
  CHECK_FALSE(who.is_turned_away());
}

TEST_CASE_METHOD(strangers_fixture, "a process that shows no proof stays out") {
  peer owner{opts};
  REQUIRE(owner.problem() == "none");
  auto what = record();
  network near{what.secret};
  auto gate = compat::connect<gate_actor>(near.system(), what.host, what.port,
                                          std::chrono::seconds{10});
  REQUIRE(gate);
  caf::scoped_actor self{near.system()};
  auto refusal = [&](onewriter::join request) {
    request.presence = caf::actor_cast<caf::actor>(self);
    std::string result = "none";
    compat::request(self, *gate, caf::infinite, std::move(request))
      .receive([](admission_ticket&) {},
               [&](caf::error& x) { result = to_string(code_of(x)); });
    return result;
  };
  CHECK(refusal({}) == "not_allowed");
  onewriter::join wrong;
  hello first;
  first.nonce = "a nonce";
  compat::request(self, *gate, caf::infinite, first)
    .receive([&](challenge& x) { wrong.nonce = x.nonce; },
             [](caf::error& x) { FAIL(describe(x)); });
  wrong.proof = std::string(64, '0');
  CHECK(refusal(wrong) == "not_allowed");
  first.protocol = wrong.protocol = sharing_protocol + 1;
  CHECK(refusal(wrong) == "invalid_argument");
}

TEST_CASE_METHOD(strangers_fixture, "random bytes hurt only their connection") {
  auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random{seed};
  peer owner{opts};
  REQUIRE(owner.write("CREATE TABLE t(a)") == "ok");
  member me{opts};
  REQUIRE(me.problem() == "none");
  auto port = record().port;
  auto before = resident_bytes(owner.pid());
  std::vector<std::unique_ptr<stranger>> open;
  for (auto i = 0; i < 200; ++i) {
    auto who = std::make_unique<stranger>(port);
    REQUIRE(who->is_connected());
    // CAF allocates what a header announces, so that it is little here.
    if (random() % 2 == 0)
      who->send(header_of(static_cast<uint8_t>(random() % 8),
                          static_cast<uint32_t>(random() % 100'000), random));
    who->send(random_bytes(random() % 1'000, random));
    if (random() % 4 == 0)
      open.push_back(std::move(who));
    CHECK(outcome(me.db().write("INSERT INTO t VALUES(?)", i)) == "ok");
  }
  CHECK(owner.write("INSERT INTO t VALUES(-1)") == "ok");
  auto after = resident_bytes(owner.pid());
  CAPTURE(before, after);
  CHECK(after < before + 64 * 1024 * 1024);
}

TEST_CASE_METHOD(strangers_fixture, "a port that another program has taken") {
  auto lock = sqlite::owner_lock::acquire(opts.path);
  REQUIRE(lock);
  auto socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at = {};
  at.sin_family = AF_INET;
  ::inet_pton(AF_INET, loopback, &at.sin_addr);
  socklen_t size = sizeof at;
  REQUIRE(::bind(socket, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0);
  REQUIRE(::listen(socket, 10) == 0);
  REQUIRE(::getsockname(socket, reinterpret_cast<sockaddr*>(&at), &size) == 0);
  owner_record what;
  what.process_id = ::getpid();
  what.host = loopback;
  what.port = ntohs(at.sin_port);
  what.protocol = sharing_protocol;
  what.caf = compat::caf_generation();
  what.secret = std::string(64, '0');
  REQUIRE(publish_owner_record(opts.path, what) == caf::none);
  opts.lock_patience = std::chrono::milliseconds{100};
  // It never says a word.
  CHECK(member{opts}.problem().rfind("unavailable: no owner of the database "
                                     "can be reached",
                                     0)
        == 0);
  ::close(socket);
}
