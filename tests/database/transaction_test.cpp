// Functions that run inside a transaction on the writer's thread.
#include "onewriter/compat/messaging.hpp"
#include "tests/database/client_fixture.hpp"

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using namespace onewriter;
using namespace onewriter::test;

namespace {

using reply = caf::expected<result_set>;

/// Takes `amount` from one account and gives it to another, if it is there.
reply transfer(session& at, const std::vector<value>& arguments) {
  auto taken = at.run("UPDATE account SET amount = amount - ?2 WHERE id = ?1 "
                      "AND amount >= ?2",
                      arguments.at(0), arguments.at(2));
  if (!taken)
    return taken;
  if (at.changes() != 1)
    return make_failure(ec::function_failed, "not enough money");
  return at.run("UPDATE account SET amount = amount + ? WHERE id = ? "
                "RETURNING amount",
                arguments.at(2), arguments.at(1));
}

class transaction_fixture : public client_fixture {
public:
  transaction_fixture() {
    opts.functions["transfer"] = transfer;
    open();
    must("CREATE TABLE t(a INTEGER PRIMARY KEY, b)");
    must("CREATE TABLE account(id INTEGER PRIMARY KEY, amount INTEGER)");
    must("INSERT INTO account(id, amount) VALUES(1, 100), (2, 0)");
  }

  static transaction of(transaction_function function) {
    transaction result;
    result.function = std::move(function);
    return result;
  }

  std::string outcome(transaction_function function) {
    return outcome_of(db->transaction(std::move(function)));
  }

  /// The next request works, and sees what is expected to be there.
  void check_rows(const std::string& expected) {
    CHECK(rows("SELECT a FROM t ORDER BY a") == expected);
    must("INSERT INTO t(a) VALUES(1000)");
    must("DELETE FROM t WHERE a = 1000");
    CHECK(rows("SELECT a FROM t ORDER BY a") == expected);
  }
};

} // namespace

TEST_CASE_METHOD(transaction_fixture, "a function reads, decides and writes in "
                                      "one transaction") {
  auto increment = [](session& at) -> reply {
    auto found = at.run("SELECT amount FROM account WHERE id = 2");
    if (!found)
      return found;
    auto next = found->rows.at(0).get<int64_t>(0) + 1;
    return at.run("UPDATE account SET amount = ? WHERE id = 2 RETURNING amount",
                  next);
  };
  auto holder = hold();
  std::vector<sent_write> requests;
  for (auto i = 0; i < 50; ++i)
    requests.push_back(send(of(increment)));
  pass_on();
  CHECK(holder.release() == "ok");
  // No read of one transaction came before a write of another one.
  std::vector<bool> seen(51);
  for (auto& request : requests) {
    auto receipt = request.reply();
    REQUIRE(receipt);
    CHECK(receipt->shared >= 50);
    auto& line = receipt->returned.at(0).rows.at(0);
    seen.at(line.get<size_t>(0)) = true;
  }
  CHECK(std::count(seen.begin(), seen.end(), true) == 50);
  CHECK(rows("SELECT amount FROM account WHERE id = 2") == "50");
}

TEST_CASE_METHOD(transaction_fixture, "a receipt shows what a function did") {
  auto receipt = db->transaction([](session& at) -> reply {
    auto first = at.run("INSERT INTO t(b) VALUES('x'), ('y')");
    if (!first)
      return first;
    CHECK(at.changes() == 2);
    CHECK(at.last_insert_rowid() == 2);
    auto nothing = at.run("SELECT 1");
    CHECK(at.changes() == 0);
    return at.run("DELETE FROM t WHERE a = ? RETURNING b", 1);
  });
  REQUIRE(receipt);
  CHECK(receipt->changes == 3);
  CHECK(receipt->last_insert_rowid == 2);
  CHECK(receipt->commit > 0);
  REQUIRE(receipt->returned.size() == 1);
  CHECK(receipt->returned[0].columns.at(0).name == "b");
  CHECK(in_one_line(receipt->returned[0]) == "'x'");
  auto silent = db->transaction([](session&) { return result_set{}; });
  REQUIRE(silent);
  CHECK(silent->returned.empty());
  CHECK(silent->changes == 0);
  CHECK(silent->last_insert_rowid == 0);
  check_rows("2");
}

TEST_CASE_METHOD(transaction_fixture, "a function that throws has done "
                                      "nothing") {
  auto failed = db->transaction([](session& at) -> reply {
    auto inserted = at.run("INSERT INTO t(a) VALUES(1)");
    if (inserted)
      throw std::runtime_error("on purpose");
    return inserted;
  });
  REQUIRE_FALSE(failed);
  CHECK(code_of(failed.error()) == ec::function_failed);
  CHECK(failure_of(failed.error()).message.find("on purpose")
        != std::string::npos);
  CHECK(outcome([](session& at) -> reply {
          auto inserted = at.run("INSERT INTO t(a) VALUES(1)");
          throw 42;
        })
        == "function_failed");
  check_rows("");
  CHECK(stats().writer_restarts == 0);
}

TEST_CASE_METHOD(transaction_fixture, "a function that throws hurts no "
                                      "other write") {
  auto holder = hold();
  auto before = send(write{"INSERT INTO t(a) VALUES(1)"});
  auto guilty = send(of([](session& at) -> reply {
    auto inserted = at.run("INSERT INTO t(a) VALUES(2)");
    throw std::runtime_error("on purpose");
  }));
  auto after = send(write{"INSERT INTO t(a) VALUES(3)"});
  pass_on();
  CHECK(holder.release() == "ok");
  auto first = before.reply();
  CHECK(outcome_of(guilty.reply()) == "function_failed");
  auto second = after.reply();
  REQUIRE((first && second));
  CHECK(first->shared >= 2);
  CHECK(first->commit == second->commit);
  check_rows("1 3");
}

TEST_CASE_METHOD(transaction_fixture, "the error of a function goes to its "
                                      "caller") {
  auto failing = [](ec code) {
    return [code](session& at) -> reply {
      auto inserted = at.run("INSERT INTO t(a) VALUES(1)");
      return make_failure(code, "mine");
    };
  };
  CHECK(outcome(failing(ec::constraint_violated)) == "constraint_violated");
  CHECK(outcome(failing(ec::invalid_argument)) == "invalid_argument");
  // Only SQLite can say that the connection is not to be trusted.
  for (auto code : {ec::io_error, ec::corrupt, ec::busy, ec::internal})
    CHECK(outcome(failing(code)) == "function_failed");
  CHECK(outcome([](session&) -> reply {
          return caf::make_error(caf::sec::runtime_error, "mine");
        })
        != "ok");
  check_rows("");
  CHECK(stats().writer_restarts == 0);
}

TEST_CASE_METHOD(transaction_fixture, "a statement that fails leaves the rest "
                                      "of its transaction alone") {
  auto receipt = db->transaction([](session& at) -> reply {
    auto first = at.run("INSERT INTO t(a) VALUES(1)");
    CHECK(first);
    auto failed = at.run("INSERT INTO t(a) VALUES(2), (1)");
    CHECK(outcome_of(failed) == "constraint_violated");
    CHECK(outcome_of(at.run("SELEC 1")) == "invalid_sql");
    CHECK(outcome_of(at.run("SELECT ?")) == "invalid_parameters");
    return at.run("INSERT INTO t(a) VALUES(3) RETURNING a");
  });
  REQUIRE(receipt);
  CHECK(receipt->changes == 2);
  CHECK(in_one_line(receipt->returned.at(0)) == "3");
  check_rows("1 3");
}

TEST_CASE_METHOD(transaction_fixture, "a demand that is not met is an error "
                                      "that a function can mend") {
  auto receipt = db->transaction([](session& at) -> reply {
    auto updated
      = at.run(statement{"UPDATE t SET b = 'x' WHERE a = 1"}.expect(1));
    CHECK(outcome_of(updated) == "unexpected_changes");
    return at.run("INSERT INTO t(a, b) VALUES(1, 'x')");
  });
  CHECK(receipt);
  check_rows("1");
}

// After a conflict with ROLLBACK nothing of the transaction is left; what the
// function does then must not be committed by itself.
TEST_CASE_METHOD(transaction_fixture, "nothing is written outside of a "
                                      "transaction") {
  must("INSERT INTO t(a) VALUES(50)");
  auto swallowing = [](session& at) -> reply {
    auto first = at.run("INSERT INTO t(a) VALUES(1)");
    auto second = at.run("INSERT OR ROLLBACK INTO t(a) VALUES(50)");
    auto third = at.run("INSERT INTO t(a) VALUES(2)");
    CHECK_FALSE(third);
    return result_set{};
  };
  CHECK(outcome(swallowing) == "constraint_violated");
  check_rows("50");
  auto holder = hold();
  auto before = send(write{"INSERT INTO t(a) VALUES(10)"});
  auto guilty = send(of(swallowing));
  auto after = send(write{"INSERT INTO t(a) VALUES(11)"});
  pass_on();
  CHECK(holder.release() == "ok");
  CHECK(outcome_of(before.reply()) == "ok");
  CHECK(outcome_of(guilty.reply()) == "constraint_violated");
  CHECK(outcome_of(after.reply()) == "ok");
  check_rows("10 11 50");
}

TEST_CASE_METHOD(transaction_fixture, "a function cannot end or nest its "
                                      "transaction") {
  CHECK(outcome([](session& at) -> reply {
          auto first = at.run("INSERT INTO t(a) VALUES(1)");
          for (auto sql : {"COMMIT", "ROLLBACK", "BEGIN", "SAVEPOINT a",
                           "RELEASE onewriter", "ROLLBACK TO onewriter", "END",
                           "PRAGMA foreign_keys = OFF", "VACUUM"})
            CHECK(outcome_of(at.run(sql)) == "not_allowed");
          return at.run("INSERT INTO t(a) VALUES(2)");
        })
        == "ok");
  check_rows("1 2");
  CHECK(outcome([](session& at) -> reply {
          auto first = at.run("INSERT INTO t(a) VALUES(3)");
          auto second = at.run("COMMIT");
          return second ? first : second;
        })
        == "not_allowed");
  check_rows("1 2");
}

TEST_CASE_METHOD(transaction_fixture, "a deferred foreign key fails the "
                                      "function that broke it") {
  must("CREATE TABLE child(a INTEGER REFERENCES t(a) "
       "DEFERRABLE INITIALLY DEFERRED)");
  CHECK(outcome(
          [](session& at) { return at.run("INSERT INTO child(a) VALUES(1)"); })
        == "constraint_violated");
  CHECK(outcome([](session& at) -> reply {
          auto orphan = at.run("INSERT INTO child(a) VALUES(1)");
          return at.run("INSERT INTO t(a) VALUES(1)");
        })
        == "ok");
  CHECK(rows("SELECT a FROM child") == "1");
  check_rows("1");
}

TEST_CASE_METHOD(transaction_fixture, "functions are called by name") {
  auto receipt = db->call("transfer", 1, 2, 30);
  REQUIRE(receipt);
  CHECK(in_one_line(receipt->returned.at(0)) == "30");
  CHECK(receipt->changes == 2);
  auto refused = db->call("transfer", 1, 2, 71);
  REQUIRE_FALSE(refused);
  CHECK(describe(refused.error()) == "function_failed: not enough money");
  // Too few arguments: it throws.
  CHECK(outcome_of(db->call("transfer", 1)) == "function_failed");
  CHECK(outcome_of(db->call("transfer ", 1, 2, 30)) == "no_such_function");
  CHECK(rows("SELECT amount FROM account ORDER BY id") == "70 30");
  call urgent{"transfer", 2, 1, 30};
  urgent.priority = priority::urgent;
  CHECK(outcome_of(db->call(urgent)) == "ok");
  CHECK(rows("SELECT amount FROM account ORDER BY id") == "100 0");
}

TEST_CASE_METHOD(transaction_fixture, "all that one sender sends runs in "
                                      "order") {
  must("CREATE TABLE log(step INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT)");
  auto entry = std::string{"INSERT INTO log(what) VALUES(?)"};
  auto holder = hold();
  std::vector<std::function<std::string()>> replies;
  auto ask_for = [&](auto what) {
    using handle
      = decltype(compat::request(self, db->database(), patience, what));
    auto response = std::make_shared<handle>(
      compat::request(self, db->database(), patience, what));
    replies.push_back([this, response] {
      return outcome_of(receive<write_receipt>(std::move(*response)));
    });
  };
  for (auto round = 0; round < 10; ++round) {
    ask_for(write{entry, "write"});
    ask_for(of([entry](session& at) { return at.run(entry, "function"); }));
    ask_for(write{"INSERT OR ROLLBACK INTO t(a) VALUES(1)"});
    ask_for(call{"transfer", 1, 2, 1});
    ask_for(of([entry](session& at) {
      return at.run("INSERT INTO log(what) SELECT 'amount ' || amount FROM "
                    "account WHERE id = 2");
    }));
  }
  pass_on();
  CHECK(holder.release() == "ok");
  for (size_t i = 0; i < replies.size(); ++i) {
    // The row is inserted the first time, and conflicts from then on.
    auto conflicts = i % 5 == 2 && i > 5;
    CHECK(replies[i]() == (conflicts ? "constraint_violated" : "ok"));
  }
  std::string expected;
  for (auto i = 1; i <= 10; ++i)
    expected += (i > 1 ? " " : "") + std::string{"'write' 'function' 'amount "}
                + std::to_string(i) + "'";
  CHECK(rows("SELECT what FROM log ORDER BY step") == expected);
}

TEST_CASE_METHOD(transaction_fixture, "a function may run again, but is "
                                      "committed once") {
  must("INSERT INTO t(a) VALUES(50)");
  auto runs = std::make_shared<std::atomic<int>>(0);
  auto holder = hold();
  auto counted = send(of([runs](session& at) {
    ++*runs;
    return at.run("INSERT INTO t(b) VALUES('once') RETURNING b");
  }));
  auto guilty = send(write{"INSERT OR ROLLBACK INTO t(a) VALUES(50)"});
  pass_on();
  CHECK(holder.release() == "ok");
  auto receipt = counted.reply();
  REQUIRE(receipt);
  CHECK(receipt->returned.size() == 1);
  CHECK(receipt->changes == 1);
  CHECK(outcome_of(guilty.reply()) == "constraint_violated");
  CHECK(*runs == 2);
  CHECK(rows("SELECT COUNT(*) FROM t WHERE b = 'once'") == "1");
}
