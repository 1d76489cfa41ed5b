// The owner's end of a connection, against a process that takes nothing.
#include "actors/database/admission/database_gate.hpp"
#include "actors/sharing/network.hpp"
#include "actors/sharing/relay/batches.hpp"
#include "actors/sharing/relay/database_relay.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/config.hpp"
#include "onewriter/database.hpp"
#include "tests/catch.hpp"
#include "tests/sharing/peer.hpp"
#include "tests/temp_folder.hpp"

#include <deque>
#include <map>
#include <memory>
#include <type_traits>

using namespace onewriter;
using namespace onewriter::test;

namespace {

constexpr size_t row_bytes = 100'000;

/// A session of a database, and the other end of it.
class session_fixture {
public:
  session_fixture() {
    options opts;
    opts.path = folder_.file("test.db");
    auto opened = open_database(sys_, opts);
    REQUIRE(opened);
    db_.emplace(sys_, *opened);
    limits.max_untaken_bytes = 10 * row_bytes;
  }

  /// Starts the session: of a database that takes writes by the way for many,
  /// and of one that takes requests alone.
  void start() {
    direct_way way;
    if (GENERATE(true, false))
      way = {flow_gate_of(sys_, db_->handle()),
             std::make_shared<receipt_hub>(net_.system())};
    session_ = caf::actor_cast<caf::actor>(
      spawn_database_relay(net_.system(), db_->handle(), {}, limits, way));
    self_->monitor(session_);
    take(0);
  }

  void take(uint64_t bytes) {
    compat::send(self_, session_, relay_ping{bytes});
    self_->receive([](relay_pong) {});
  }

  template <class Request>
  void send(Request what) {
    auto batch = next_batch();
    add(batch, ++number_, std::move(what));
    compat::send(self_, session_, std::move(batch));
  }

  /// Returns a batch without requests; everything so far is answered.
  request_batch next_batch() const {
    request_batch result;
    result.session = session_name;
    result.settled = number_ + 1;
    return result;
  }

  template <class Request>
  static void add(request_batch& to, uint64_t number, Request what) {
    if constexpr (std::is_same_v<Request, onewriter::write>)
      to.writes.push_back({number, std::move(what)});
    else
      to.others.push_back({number, caf::make_message(std::move(what))});
  }

  /// Returns the next reply: the code of its error, or "ok".
  std::string next() {
    while (replies_.empty())
      self_->receive([this](reply_batch& x) {
        bytes_ += x.bytes;
        for (auto& reply : x.receipts)
          replies_.push_back({reply.number, caf::make_message(reply.what)});
        for (auto& reply : x.others)
          replies_.push_back(std::move(reply));
      });
    auto content = std::move(replies_.front().content);
    last_receipt = content.match_elements<write_receipt>()
                     ? content.get_as<write_receipt>(0)
                     : write_receipt{};
    replies_.erase(replies_.begin());
    if (!content.match_elements<caf::error>())
      return "ok";
    last_error_ = content.get_as<caf::error>(0);
    return to_string(code_of(last_error_));
  }

  /// Returns why the session has ended.
  caf::error end() {
    caf::error result;
    auto has_ended = false;
    self_->receive_while([&] { return !has_ended; })(
      [&](caf::down_msg& x) {
        result = x.reason;
        has_ended = true;
      },
      [](const reply_batch&) {}, [](relay_pong) {});
    return result;
  }

  query large_query() const {
    return query{"SELECT zeroblob(" + std::to_string(row_bytes) + ")"};
  }

  relay_limits limits;
  std::string session_name = "of 16 bytes here";
  write_receipt last_receipt;

protected:
  temp_folder folder_;
  config cfg_;
  caf::actor_system sys_{cfg_};
  std::optional<scoped_database> db_;
  network net_{"a secret"};
  caf::scoped_actor self_{net_.system()};
  caf::actor session_;
  uint64_t number_ = 0;
  std::vector<carried> replies_;
  uint64_t bytes_ = 0;
  caf::error last_error_;
};

} // namespace

TEST_CASE_METHOD(session_fixture, "batches carry requests and replies") {
  start();
  send(onewriter::write{"CREATE TABLE t(a)"});
  CHECK(next() == "ok");
  send(query{"SELECT * FROM t"});
  CHECK(next() == "ok");
  send(query{"SELECT * FROM no_such_table"});
  CHECK(next() == "invalid_sql");
  send(onewriter::close{});
  CHECK(next() == "not_allowed");
  send(std::string{"no request"});
  CHECK(next() == "invalid_argument");
}

TEST_CASE_METHOD(session_fixture,
                 "results wait for a process to take earlier ones") {
  start();
  for (auto i = 0; i < 9; ++i) {
    send(large_query());
    CHECK(next() == "ok");
  }
  send(large_query());
  CHECK(next() == "overloaded");
  CAPTURE(describe(last_error_));
  CHECK(describe(last_error_).find("use a cursor") != std::string::npos);
  // Receipts come also then.
  send(onewriter::write{"CREATE TABLE t(a)"});
  CHECK(next() == "ok");
  take(bytes_);
  send(large_query());
  CHECK(next() == "ok");
}

// What the owner keeps for them is bounded for each, by the same limit.
TEST_CASE_METHOD(session_fixture,
                 "many processes that take nothing get no more than one does") {
  constexpr size_t processes = 8;
  constexpr uint64_t queries = 40;
  std::deque<caf::scoped_actor> others;
  for (size_t i = 0; i < processes; ++i) {
    auto& other = others.emplace_back(net_.system());
    auto session = caf::actor_cast<caf::actor>(
      spawn_database_relay(net_.system(), db_->handle(), {}, limits, {}));
    compat::send(other, session, relay_ping{});
    auto batch = next_batch();
    for (uint64_t number = 1; number <= queries; ++number)
      add(batch, number, large_query());
    compat::send(other, session, std::move(batch));
  }
  for (auto& other : others) {
    uint64_t bytes = 0;
    uint64_t replies = 0;
    uint64_t results = 0;
    other->receive_while([&] { return replies < queries; })(
      [&](reply_batch& x) {
        bytes += x.bytes;
        replies += x.others.size();
        for (auto& reply : x.others)
          results += reply.content.match_elements<result_set>() ? 1 : 0;
      },
      [](relay_pong) {});
    CHECK(replies == queries);
    CHECK(results > 0);
    CHECK(results * row_bytes <= limits.max_untaken_bytes);
    // Refusals come beyond the limit, and are small.
    CHECK(bytes < limits.max_untaken_bytes + row_bytes);
  }
  // One that takes what it gets is served.
  start();
  send(large_query());
  CHECK(next() == "ok");
}

TEST_CASE_METHOD(session_fixture,
                 "a result that is larger than the window comes alone") {
  limits.max_untaken_bytes = row_bytes / 2 + 1;
  start();
  send(large_query());
  CHECK(next() == "ok");
}

TEST_CASE_METHOD(session_fixture, "a process that takes nothing is dropped") {
  limits.max_untaken_bytes = 1'000;
  start();
  for (auto i = 0; i < 20; ++i)
    send(onewriter::write{"CREATE TABLE IF NOT EXISTS t(a)"});
  auto why = end();
  CHECK(to_string(code_of(why)) == "overloaded");
  CHECK(describe(why).find("has not taken") != std::string::npos);
}

TEST_CASE_METHOD(session_fixture, "a silent process with replies is dropped") {
  limits.max_silence = std::chrono::nanoseconds{0};
  start();
  send(query{"SELECT 1"});
  CHECK(next() == "ok");
  auto why = end();
  CHECK(describe(why).find("has been silent") != std::string::npos);
}

TEST_CASE_METHOD(session_fixture, "requests of a process are bounded") {
  // Before the first reply can have come, the second request is there.
  limits.max_in_flight = 1;
  limits.max_request_bytes = 1'000'000;
  start();
  auto batch = next_batch();
  for (auto i = 0; i < 3; ++i)
    add(batch, ++number_, large_query());
  compat::send(self_, session_, std::move(batch));
  std::map<std::string, int> outcomes;
  for (auto i = 0; i < 3; ++i)
    ++outcomes[next()];
  CHECK(outcomes["ok"] == 1);
  CHECK(outcomes["overloaded"] == 2);
}

TEST_CASE_METHOD(session_fixture, "a write that is sent again runs once") {
  start();
  send(onewriter::write{"CREATE TABLE t(a)"});
  CHECK(next() == "ok");
  for (auto is_repeated : {false, true}) {
    auto batch = next_batch();
    batch.settled = 1;
    add(batch, 100, onewriter::write{"INSERT INTO t VALUES(1)"});
    add(batch, 101, call{"no such function"});
    compat::send(self_, session_, std::move(batch));
    std::map<std::string, int> outcomes;
    for (auto i = 0; i < 2; ++i) {
      auto outcome = next();
      ++outcomes[outcome];
      if (outcome == "ok")
        CHECK(last_receipt.repeated == is_repeated);
    }
    CHECK(outcomes["ok"] == 1);
    CHECK(outcomes["no_such_function"] == 1);
  }
}

TEST_CASE_METHOD(session_fixture, "a batch of no session is refused") {
  start();
  session_name = "short";
  send(onewriter::write{"CREATE TABLE t(a)"});
  CHECK(next() == "invalid_argument");
}

TEST_CASE_METHOD(session_fixture, "requests are taken in their order") {
  start();
  send(onewriter::write{"CREATE TABLE t(a)"});
  CHECK(next() == "ok");
  auto batch = next_batch();
  add(batch, 0, onewriter::write{"INSERT INTO t VALUES('no reply')"});
  add(batch, ++number_, onewriter::write{"INSERT INTO t VALUES('first')"});
  add(batch, 0, onewriter::write{"INSERT INTO t VALUES('no reply either')"});
  add(batch, ++number_, onewriter::write{"INSERT INTO t VALUES('last')"});
  compat::send(self_, session_, std::move(batch));
  CHECK(next() == "ok");
  CHECK(next() == "ok");
  auto rows = (*db_)->query("SELECT a FROM t ORDER BY rowid");
  REQUIRE(rows);
  REQUIRE(rows->rows.size() == 4);
  std::string all;
  for (auto& x : rows->rows)
    all += x.template get<std::string>(0) + ';';
  CHECK(all == "no reply;first;no reply either;last;");
}
