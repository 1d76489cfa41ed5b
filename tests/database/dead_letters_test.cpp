// Writes without a caller that fail: where they go, and how they come back.
#include "tests/database/client_fixture.hpp"

#include "actors/support/wall_clock.hpp"

#include <limits>
#include <string>
#include <vector>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

namespace {

class letters_fixture : public client_fixture {
public:
  letters_fixture() {
    opts.functions["reject"]
      = [](session& at, const std::vector<value>& arguments) {
          return at.run("INSERT INTO missing(a) VALUES(?)", arguments.at(0));
        };
    open();
    must("CREATE TABLE t(a INTEGER PRIMARY KEY, b)");
  }

  /// Sends a write that is going to fail, and waits until it is buried.
  template <class Request>
  dead_letter file_dead_letter(Request what) {
    auto before = stats().dead_letters;
    send_and_forget(std::move(what));
    if (!eventually([&] { return stats().dead_letters == before + 1; }))
      FAIL("the write was not buried");
    return list().back();
  }

  std::vector<dead_letter> list(list_dead_letters what = {}) {
    auto found = db->dead_letters(what);
    if (!found)
      FAIL(describe(found.error()));
    return found->letters;
  }

  /// The numbers, attempts and codes of all letters.
  std::string overview() {
    std::string result;
    for (auto& x : list())
      result += (result.empty() ? "" : " ") + std::to_string(x.id) + ":"
                + std::to_string(x.attempts) + ":" + to_string(x.code);
    return result;
  }
};

const auto into_missing = std::string{"INSERT INTO missing(a) VALUES(?)"};

} // namespace

TEST_CASE_METHOD(letters_fixture, "a write that fails unseen is kept with all "
                                  "that it takes") {
  const std::vector<value> values{
    null{},
    std::numeric_limits<int64_t>::min(),
    -0.0,
    2.0,
    std::numeric_limits<double>::infinity(),
    "",
    std::string("a\0b", 3),
    blob{},
    blob{std::byte{0}, std::byte{0xff}},
  };
  write what{"INSERT INTO t(a) VALUES(?)", 1};
  statement many;
  many.sql = "INSERT INTO missing VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)";
  many.parameters = values;
  what.statements.push_back(many);
  what.statements.push_back(statement{"DELETE FROM t WHERE a = :a AND b = :b",
                                      named(":a", 1), named(":b", "secret")}
                              .expect(1));
  what.priority = priority::background;
  what.idempotency_key = "the key";
  auto before = unix_ms_now();
  auto letter = file_dead_letter(what);
  auto after = unix_ms_now();
  REQUIRE(letter.statements.size() == 3);
  CHECK(letter.statements[0].sql == "INSERT INTO t(a) VALUES(?)");
  CHECK(letter.statements[0].parameters == std::vector<value>{1});
  CHECK(letter.statements[0].expected_changes == -1);
  CHECK(letter.statements[1].sql == many.sql);
  CHECK(letter.statements[1].parameters == values);
  CHECK(letter.statements[1].names.empty());
  CHECK(letter.statements[2].parameters == std::vector<value>{1, "secret"});
  CHECK(letter.statements[2].names == std::vector<std::string>{":a", ":b"});
  CHECK(letter.statements[2].expected_changes == 1);
  CHECK(letter.function.empty());
  CHECK(letter.priority == priority::background);
  CHECK(letter.idempotency_key == "the key");
  CHECK(letter.code == ec::invalid_sql);
  CHECK(letter.error.find("no such table: missing") != std::string::npos);
  CHECK(letter.error.find("secret") == std::string::npos);
  CHECK(letter.attempts == 1);
  CHECK(letter.first_unix_ms >= before);
  CHECK(letter.last_unix_ms >= letter.first_unix_ms);
  CHECK(letter.last_unix_ms <= after);
  CHECK(rows("SELECT a FROM t") == "");
  // Any tool can read them.
  CHECK(rows("SELECT code, attempts FROM onewriter_dead_letter")
        == "'invalid_sql'|1");
}

TEST_CASE_METHOD(letters_fixture, "a call that fails unseen keeps its "
                                  "arguments") {
  auto letter = file_dead_letter(call{"reject", "x", 2, null{}});
  CHECK(letter.function == "reject");
  CHECK(letter.arguments == std::vector<value>{"x", 2, null{}});
  CHECK(letter.statements.empty());
  CHECK(letter.code == ec::invalid_sql);
  must("CREATE TABLE missing(a)");
  CHECK(outcome_of(db->replay(letter.id)) == "ok");
  CHECK(rows("SELECT a FROM missing") == "'x'");
  CHECK(overview() == "");
}

TEST_CASE_METHOD(letters_fixture, "a write that a caller waits for is no dead "
                                  "letter") {
  CHECK(outcome_of(db->write(into_missing, 1)) == "invalid_sql");
  must("INSERT INTO t(a) VALUES(1)");
  CHECK(overview() == "");
  CHECK(stats().dead_letters == 0);
}

TEST_CASE_METHOD(letters_fixture, "what expired unseen is a dead letter, too") {
  auto holder = hold();
  write late{"INSERT INTO t(a) VALUES(1)"};
  late.deadline = 1ns;
  send_and_forget(late);
  pass_on();
  CHECK(holder.release() == "ok");
  REQUIRE(eventually([&] { return stats().dead_letters == 1; }));
  auto letter = list().at(0);
  CHECK(letter.code == ec::deadline_exceeded);
  CHECK(rows("SELECT a FROM t") == "");
  // Replayed, it has no deadline any more.
  CHECK(outcome_of(db->replay(letter.id)) == "ok");
  CHECK(rows("SELECT a FROM t") == "1");
}

TEST_CASE_METHOD(letters_fixture,
                 "dead letters in a batch hurt no other write") {
  auto holder = hold();
  auto before = send(write{"INSERT INTO t(a) VALUES(1)"});
  send_and_forget(write{"INSERT OR ROLLBACK INTO t(a) VALUES(1)"});
  send_and_forget(write{into_missing, 1});
  auto after = send(write{"INSERT INTO t(a) VALUES(2)"});
  pass_on();
  CHECK(holder.release() == "ok");
  CHECK(outcome_of(before.reply()) == "ok");
  CHECK(outcome_of(after.reply()) == "ok");
  REQUIRE(eventually([&] { return stats().dead_letters == 2; }));
  CHECK(overview() == "1:1:constraint_violated 2:1:invalid_sql");
  CHECK(rows("SELECT a FROM t") == "1 2");
}

TEST_CASE_METHOD(letters_fixture, "dead letters are listed page by page") {
  for (auto i = 1; i <= 5; ++i)
    file_dead_letter(write{into_missing, i});
  auto page = [this](int64_t after, uint32_t limit) {
    std::string result;
    for (auto& x : list({after, limit}))
      result += std::to_string(x.id) + "="
                + to_string(x.statements.at(0).parameters.at(0)) + " ";
    return result;
  };
  CHECK(page(0, 2) == "1=1 2=2 ");
  CHECK(page(2, 2) == "3=3 4=4 ");
  CHECK(page(4, 2) == "5=5 ");
  CHECK(page(5, 2) == "");
  CHECK(page(-7, 10'000) == "1=1 2=2 3=3 4=4 5=5 ");
  CHECK(outcome_of(db->dead_letters({0, 0})) == "invalid_argument");
  CHECK(outcome_of(db->dead_letters({0, 10'001})) == "invalid_argument");
  CHECK(page(3, 1) == "4=4 ");
}

TEST_CASE_METHOD(letters_fixture, "a letter is replayed once it can succeed") {
  auto first = file_dead_letter(write{into_missing, "first"});
  auto second = file_dead_letter(write{into_missing, "second"});
  must("CREATE TABLE missing(a)");
  auto receipt = db->replay(first.id);
  REQUIRE(receipt);
  CHECK(receipt->changes == 1);
  CHECK(receipt->last_insert_rowid == 1);
  CHECK(receipt->commit > 0);
  CHECK(rows("SELECT a FROM missing") == "'first'");
  CHECK(overview() == "2:1:invalid_sql");
  CHECK(stats().dead_letters == 1);
  CHECK(outcome_of(db->replay(first.id)) == "no_such_dead_letter");
  CHECK(rows("SELECT a FROM missing") == "'first'");
  CHECK(outcome_of(db->replay(second.id)) == "ok");
  CHECK(rows("SELECT a FROM missing") == "'first' 'second'");
  CHECK(overview() == "");
}

TEST_CASE_METHOD(letters_fixture, "two replays at once run a letter once") {
  auto letter = file_dead_letter(write{into_missing, "once"});
  must("CREATE TABLE missing(a)");
  auto holder = hold();
  auto first = send(replay_dead_letter{letter.id});
  auto second = send(replay_dead_letter{letter.id});
  pass_on();
  CHECK(holder.release() == "ok");
  CHECK(outcome_of(first.reply()) + " " + outcome_of(second.reply())
        == "ok no_such_dead_letter");
  CHECK(rows("SELECT a FROM missing") == "'once'");
}

TEST_CASE_METHOD(letters_fixture, "a replay that fails leaves the letter, with "
                                  "its new error") {
  auto letter = file_dead_letter(write{into_missing, null{}});
  CHECK(outcome_of(db->replay(letter.id)) == "invalid_sql");
  REQUIRE(eventually([&] { return overview() == "1:2:invalid_sql"; }));
  must("CREATE TABLE missing(a NOT NULL)");
  CHECK(outcome_of(db->replay(letter.id)) == "constraint_violated");
  REQUIRE(eventually([&] { return overview() == "1:3:constraint_violated"; }));
  auto now = list().at(0);
  CHECK(now.error.find("NOT NULL") != std::string::npos);
  CHECK(now.first_unix_ms == letter.first_unix_ms);
  CHECK(now.last_unix_ms >= letter.last_unix_ms);
  CHECK(now.statements.at(0).parameters == std::vector<value>{null{}});
  CHECK(stats().dead_letters == 1);
  must("INSERT INTO t(a) VALUES(1)");
  CHECK(rows("SELECT a FROM missing") == "");
}

TEST_CASE_METHOD(letters_fixture, "a letter is discarded once") {
  auto first = file_dead_letter(write{into_missing, 1});
  auto second = file_dead_letter(write{into_missing, 2});
  CHECK(outcome_of(db->discard(first.id)) == "ok");
  CHECK(outcome_of(db->discard(first.id)) == "no_such_dead_letter");
  CHECK(outcome_of(db->discard(0)) == "no_such_dead_letter");
  CHECK(outcome_of(db->replay(first.id)) == "no_such_dead_letter");
  CHECK(outcome_of(db->replay(-1)) == "no_such_dead_letter");
  CHECK(overview() == "2:1:invalid_sql");
  CHECK(outcome_of(db->discard(second.id)) == "ok");
  for (auto table : {"", "_statement", "_parameter"})
    CHECK(
      rows(std::string{"SELECT COUNT(*) FROM onewriter_dead_letter"} + table)
      == "0");
}

TEST_CASE_METHOD(letters_fixture, "letters survive closing, and count from the "
                                  "start") {
  auto letter = file_dead_letter(write{into_missing, "kept"});
  reopen();
  CHECK(stats().dead_letters == 1);
  CHECK(overview() == "1:1:invalid_sql");
  must("CREATE TABLE missing(a)");
  CHECK(outcome_of(db->replay(letter.id)) == "ok");
  CHECK(rows("SELECT a FROM missing") == "'kept'");
}

TEST_CASE_METHOD(letters_fixture, "a replay keeps the letter's idempotency "
                                  "key") {
  write what{into_missing, 1};
  what.idempotency_key = "key";
  auto letter = file_dead_letter(what);
  must("CREATE TABLE missing(a)");
  auto replayed = db->replay(letter.id);
  REQUIRE(replayed);
  // The sender, which does not know of it, tries again.
  auto again = db->write(what);
  REQUIRE(again);
  CHECK(again->repeated);
  CHECK(again->commit == replayed->commit);
  CHECK(rows("SELECT a FROM missing") == "1");
}

TEST_CASE_METHOD(letters_fixture, "what cannot be stored is logged") {
  transaction unseen;
  unseen.function = [](session& at) {
    return at.run("INSERT INTO missing(a) VALUES(1)");
  };
  send_and_forget(unseen);
  must("INSERT INTO t(a) VALUES(1)");
  CHECK(log.text().find("no such table: missing") != std::string::npos);
  CHECK(overview() == "");
}
