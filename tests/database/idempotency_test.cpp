// Writes that are sent again under the same key.
#include "actors/store/idempotency_store.hpp"

#include "actors/sqlite/schema.hpp"
#include "tests/database/client_fixture.hpp"

#include <string>

using namespace onewriter;
using namespace onewriter::test;

namespace {

class keys_fixture : public client_fixture {
public:
  keys_fixture() {
    opts.functions["add"]
      = [](session& at, const std::vector<value>& arguments) {
          return at.run("INSERT INTO t(b) VALUES(?) RETURNING a, b",
                        arguments.at(0));
        };
    open();
    must("CREATE TABLE t(a INTEGER PRIMARY KEY, b)");
  }

  static write insert(const value& x, std::string key) {
    write result{"INSERT INTO t(b) VALUES(?) RETURNING a, b", x};
    result.idempotency_key = std::move(key);
    return result;
  }

  static call add(const value& x, std::string key) {
    call result{"add", x};
    result.idempotency_key = std::move(key);
    return result;
  }

  /// What a repeated receipt has in common with the first one.
  static std::string text_of(const write_receipt& x) {
    auto result = "commit " + std::to_string(x.commit) + " changes "
                  + std::to_string(x.changes) + " rowid "
                  + std::to_string(x.last_insert_rowid);
    for (auto& rows : x.returned)
      result += " returned " + rows.columns.at(0).name + ":"
                + rows.columns.at(0).declared_type + " " + in_one_line(rows);
    return result;
  }
};

} // namespace

TEST_CASE_METHOD(keys_fixture, "a repeated write gets the first receipt") {
  must("INSERT INTO t(b) VALUES('before')");
  auto first = must(insert("x", "key"));
  CHECK_FALSE(first.repeated);
  must("INSERT INTO t(b) VALUES('between')");
  auto again = must(insert("x", "key"));
  CHECK(again.repeated);
  CHECK(text_of(again) == text_of(first));
  CHECK(in_one_line(again.returned.at(0)) == "2|'x'");
  CHECK(rows("SELECT a, b FROM t") == "1|'before' 2|'x' 3|'between'");
  // Another key is another request, even with the same statement.
  CHECK_FALSE(must(insert("x", "other key")).repeated);
  CHECK(rows("SELECT COUNT(*) FROM t WHERE b = 'x'") == "2");
}

TEST_CASE_METHOD(keys_fixture, "keys outlive the process") {
  auto first = must(insert("x", "key"));
  reopen();
  auto again = must(insert("x", "key"));
  CHECK(again.repeated);
  CHECK(text_of(again) == text_of(first));
  CHECK(rows("SELECT a, b FROM t") == "1|'x'");
  // Commits go on counting where they were.
  CHECK(must("INSERT INTO t(b) VALUES('later')").commit > first.commit);
}

TEST_CASE_METHOD(keys_fixture, "a key stands for one request only") {
  must(insert("x", "key"));
  CHECK(outcome_of(db->write(insert("y", "key"))) == "idempotency_mismatch");
  CHECK(outcome_of(db->call(add("x", "key"))) == "idempotency_mismatch");
  auto demanding = insert("x", "key");
  demanding.statements[0].expected_changes = 1;
  CHECK(outcome_of(db->write(demanding)) == "idempotency_mismatch");
  // How it is to be run does not matter.
  auto urgent = insert("x", "key");
  urgent.priority = priority::urgent;
  urgent.deadline = patience;
  CHECK(must(urgent).repeated);
  CHECK(rows("SELECT a, b FROM t") == "1|'x'");
}

TEST_CASE_METHOD(keys_fixture, "the key of a failed write can be used again") {
  write failing{"INSERT INTO t(a) VALUES(1)"};
  failing.then("INSERT INTO missing(a) VALUES(1)");
  failing.idempotency_key = "key";
  CHECK(outcome_of(db->write(failing)) == "invalid_sql");
  auto other = must(insert("x", "key"));
  CHECK_FALSE(other.repeated);
  CHECK(must(insert("x", "key")).repeated);
  CHECK(rows("SELECT a, b FROM t") == "1|'x'");
}

TEST_CASE_METHOD(keys_fixture, "a key that is used twice in a batch runs "
                               "once") {
  auto before = must("INSERT INTO t(a, b) VALUES(7, 'before')");
  auto holder = hold();
  auto first = send(insert("x", "key"));
  auto second = send(insert("x", "key"));
  auto third = send(insert("y", "key"));
  pass_on();
  CHECK(holder.release() == "ok");
  auto one = first.reply();
  auto two = second.reply();
  REQUIRE((one && two));
  CHECK(one->repeated != two->repeated);
  CHECK(text_of(*one) == text_of(*two));
  CHECK(outcome_of(third.reply()) == "idempotency_mismatch");
  CHECK(rows("SELECT a, b FROM t") == "7|'before' 8|'x'");
  // The number is that of the commit which really has it. Jobs that start with
  // the database may have made others in between.
  auto next = must("INSERT INTO t(b) VALUES('next')");
  CHECK(before.commit < one->commit);
  CHECK(one->commit < next.commit);
}

TEST_CASE_METHOD(keys_fixture, "a key is kept when its batch has to be run "
                               "again") {
  must("INSERT INTO t(a, b) VALUES(50, 'old')");
  auto holder = hold();
  auto first = send(insert("x", "key"));
  auto guilty = send(write{"INSERT OR ROLLBACK INTO t(a) VALUES(50)"});
  auto second = send(insert("x", "key"));
  pass_on();
  CHECK(holder.release() == "ok");
  auto one = first.reply();
  CHECK(outcome_of(guilty.reply()) == "constraint_violated");
  auto two = second.reply();
  REQUIRE((one && two));
  CHECK_FALSE(one->repeated);
  CHECK(two->repeated);
  CHECK(text_of(*one) == text_of(*two));
  CHECK(rows("SELECT b FROM t WHERE a <> 50") == "'x'");
}

TEST_CASE_METHOD(keys_fixture, "calls of functions have keys, too") {
  auto first = db->call(add("x", "key"));
  REQUIRE(first);
  auto again = db->call(add("x", "key"));
  REQUIRE(again);
  CHECK(again->repeated);
  CHECK(text_of(*again) == text_of(*first));
  CHECK(outcome_of(db->call(add("y", "key"))) == "idempotency_mismatch");
  CHECK(rows("SELECT a, b FROM t") == "1|'x'");
}

TEST_CASE_METHOD(keys_fixture, "a key has at most 255 bytes of UTF-8") {
  CHECK(outcome_of(db->write(insert("x", std::string(256, 'k'))))
        == "invalid_argument");
  CHECK(outcome_of(db->call(add("x", std::string(256, 'k'))))
        == "invalid_argument");
  CHECK(outcome_of(db->write(insert("x", "\xff"))) == "invalid_text");
  CHECK(rows("SELECT a FROM t") == "");
  auto longest = std::string(255, 'k');
  CHECK_FALSE(must(insert("x", longest)).repeated);
  CHECK(must(insert("x", longest)).repeated);
  // Quotes and NUL are like any other byte.
  auto odd = std::string("it's \"a\" \0 key", 14);
  CHECK_FALSE(must(insert("y", odd)).repeated);
  CHECK(must(insert("y", odd)).repeated);
  CHECK_FALSE(must(insert("y", odd.substr(0, 9))).repeated);
}

TEST_CASE_METHOD(keys_fixture, "receipts are forgotten when they are old") {
  close();
  auto file = sqlite::connection::open(
    sqlite::connection_options::from(opts, sqlite::role::writer));
  REQUIRE(file);
  auto& connection = **file;
  sha256_digest request{};
  write_receipt receipt;
  receipt.commit = 7;
  REQUIRE(store_receipt(connection, "key", request, receipt) == caf::none);
  REQUIRE(forget_receipts(connection, std::chrono::hours{1}) == caf::none);
  auto found = find_receipt(connection, "key", request);
  REQUIRE(found);
  REQUIRE(*found);
  CHECK((**found).commit == 7);
  CHECK((**found).repeated);
  // As if an hour had passed.
  REQUIRE(forget_receipts(connection, -std::chrono::hours{1}) == caf::none);
  found = find_receipt(connection, "key", request);
  REQUIRE(found);
  CHECK_FALSE(*found);
}

TEST_CASE_METHOD(keys_fixture, "a repeated write fires no trigger again") {
  must("CREATE TABLE audit(x)");
  must("CREATE TRIGGER noted AFTER INSERT ON t BEGIN "
       "INSERT INTO audit VALUES(new.b); END");
  // Its own insert fires the other one.
  must("CREATE TRIGGER doubled AFTER INSERT ON t WHEN new.b = 'twice' BEGIN "
       "INSERT INTO t(b) VALUES('by trigger'); END");
  auto first = must(insert("twice", "key"));
  auto called = db->call(add("called", "other key"));
  REQUIRE(called);
  auto check = [&] {
    auto again = must(insert("twice", "key"));
    CHECK(again.repeated);
    CHECK(text_of(again) == text_of(first));
    auto call_again = db->call(add("called", "other key"));
    REQUIRE(call_again);
    CHECK(call_again->repeated);
    CHECK(rows("SELECT x FROM audit ORDER BY x")
          == "'by trigger' 'called' 'twice'");
    CHECK(rows("SELECT b FROM t ORDER BY b")
          == "'by trigger' 'called' 'twice'");
  };
  SECTION("at once") {
    check();
  }
  SECTION("beside a write that undoes the transaction of both") {
    auto holder = hold();
    auto again = send(insert("twice", "key"));
    auto ruinous = send(write{"INSERT OR ROLLBACK INTO t(a) VALUES(1), (1)"});
    pass_on();
    CHECK(holder.release() == "ok");
    CHECK(outcome_of(again.reply()) == "ok");
    CHECK(outcome_of(ruinous.reply()) == "constraint_violated");
    check();
  }
  SECTION("after the file was closed") {
    reopen();
    check();
  }
}
