// SQL that is wrong, and values that are hard to get right.
#include "tests/bad_input/bad_input_fixture.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

TEST_CASE_METHOD(open_fixture, "a syntax error names the statement") {
  auto reply = db->write("SELEC 1");
  CHECK(verdict_on(reply) == "invalid_sql@0: SELEC 1");
  check_contains(message_of(reply), "syntax error");
  check_unharmed();
  write two{"INSERT INTO t(a) VALUES(1)"};
  two.then("INSERT INTO t(a) VALUES(2)").then("INSERT INTO t(a) VALUES(3");
  CHECK(verdict_on(db->write(two))
        == "invalid_sql@2: INSERT INTO t(a) VALUES(3");
  CHECK(rows("SELECT a FROM t") == "");
  CHECK(querying("SELECT * FORM t") == "invalid_sql: SELECT * FORM t");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "a missing table or column is named") {
  auto reply = db->write("INSERT INTO nowhere(a) VALUES(1)");
  CHECK(verdict_on(reply) == "invalid_sql@0: INSERT INTO nowhere(a) VALUES(1)");
  check_contains(message_of(reply), "no such table: nowhere");
  auto found = db->query("SELECT z FROM t");
  CHECK(verdict_on(found) == "invalid_sql: SELECT z FROM t");
  check_contains(message_of(found), "no such column: z");
  // As soon as the table is there the same statement works.
  must("CREATE TABLE nowhere(a INTEGER)");
  must("INSERT INTO nowhere(a) VALUES(1)");
  CHECK(rows("SELECT a FROM nowhere") == "1");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "parameters have to match their values") {
  auto two = std::string{"INSERT INTO t(a, b) VALUES(?, ?)"};
  auto refused = "invalid_parameters@0: " + two;
  CHECK(writing(two) == refused);
  CHECK(writing(two, 1) == refused);
  CHECK(writing(two, 1, "one", "more") == refused);
  CHECK(writing(two, named(":a", 1), named(":b", "one")) == refused);
  auto by_name = std::string{"INSERT INTO t(a, b) VALUES(:a, :b)"};
  refused = "invalid_parameters@0: " + by_name;
  CHECK(writing(by_name, named(":a", 1)) == refused);
  CHECK(writing(by_name, named(":a", 1), named(":c", "one")) == refused);
  CHECK(writing(by_name, named("a", 1), named("b", "one")) == refused);
  CHECK(writing(by_name, named(":a", 1), named(":a", 2), named(":b", "one"))
        == refused);
  CHECK(writing(by_name, named(":a", 1), named(":b", "one"), named(":c", 2))
        == refused);
  // The two kinds do not mix.
  CHECK(writing(by_name, named(":a", 1), "one") == refused);
  CHECK(writing("INSERT INTO t(a) VALUES(1)", 1)
        == "invalid_parameters@0: INSERT INTO t(a) VALUES(1)");
  CHECK(querying("SELECT ?") == "invalid_parameters: SELECT ?");
  CHECK(querying("SELECT 1", 1) == "invalid_parameters: SELECT 1");
  CHECK(querying("SELECT :a", named(":b", 1))
        == "invalid_parameters: SELECT :a");
  CHECK(rows("SELECT a FROM t") == "");
  must(write{by_name, named(":b", "one"), named(":a", 1)});
  CHECK(rows("SELECT a, b FROM t") == "1|'one'");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "what was bound never shows in an error") {
  must("INSERT INTO t(a, b) VALUES(1, 'x')");
  auto secret = std::string{"secret-4711"};
  for (auto& reply :
       {db->write("INSERT INTO t(a, b) VALUES(1, ?)", secret),
        db->write("INSERT INTO t(a, b) VALUES(?, ?)", secret),
        db->write("INSERT INTO t(a, b) VALUES(:a, :b)", named(":b", secret)),
        db->write("INSERT INTO t(a, b) VALUES(?, ?)", secret, 2)}) {
    REQUIRE_FALSE(reply);
    auto text = describe(reply.error());
    INFO(text);
    CHECK(text.find(secret) == std::string::npos);
  }
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture,
                 "a write of a statement without SQL is refused") {
  for (auto sql : {"", "  \n", ";", "-- nothing", "/* nothing */ ;"}) {
    CHECK(verdict_on(db->write(sql)).substr(0, 17) == "empty_statement@0");
    CHECK(outcome_of(db->query(sql)) == "empty_statement");
  }
  CHECK(outcome_of(db->write(write{})) == "empty_statement");
  write second{"INSERT INTO t(a) VALUES(1)"};
  second.then("");
  CHECK(verdict_on(db->write(second)) == "empty_statement@1");
  CHECK(rows("SELECT a FROM t") == "");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "a second statement is not silently ignored") {
  auto both = std::string{"INSERT INTO t(a) VALUES(1); DROP TABLE kept"};
  CHECK(writing(both) == "multiple_statements@0: " + both);
  CHECK(querying("SELECT 1; SELECT 2")
        == "multiple_statements: SELECT 1; SELECT 2");
  CHECK(rows("SELECT a FROM t") == "");
  must("INSERT INTO t(a) VALUES(1);  -- no second statement\n ;");
  CHECK(rows("SELECT a FROM t;") == "1");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "values that SQLite would change are refused") {
  auto insert = std::string{"INSERT INTO t(a, b) VALUES(1, ?)"};
  CHECK(writing(insert, "\xff\xfe") == "invalid_text@0: " + insert);
  CHECK(writing(insert, std::nan("")) == "not_a_number@0: " + insert);
  CHECK(querying("SELECT ?", "\xc3") == "invalid_text: SELECT ?");
  CHECK(querying("SELECT ?", -std::nan("")) == "not_a_number: SELECT ?");
  CHECK(outcome_of(db->write("INSERT INTO t(a) VALUES('\xff')"))
        == "invalid_text");
  CHECK(rows("SELECT a FROM t") == "");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "values come back as they went in") {
  must("CREATE TABLE any(id INTEGER PRIMARY KEY, x)");
  using limits = std::numeric_limits<int64_t>;
  using doubles = std::numeric_limits<double>;
  const std::vector<value> values{
    null{},
    0,
    -1,
    limits::min(),
    limits::max(),
    0.0,
    -0.0,
    2.0,
    0.1,
    doubles::infinity(),
    -doubles::infinity(),
    doubles::min(),
    doubles::denorm_min(),
    doubles::max(),
    "",
    "text",
    std::string("a\0b", 3),
    std::string(1, '\0'),
    "\xf0\x9f\x90\x9d \xc3\xa9",
    std::string(1'000'000, 'x'),
    blob{},
    blob{std::byte{0}},
    blob{std::byte{'a'}, std::byte{0xff}, std::byte{0}},
    blob(1'000'000, std::byte{7}),
  };
  for (auto& x : values) {
    auto receipt = must("INSERT INTO any(x) VALUES(?) RETURNING x", x);
    CHECK(receipt.returned.at(0).rows.at(0).get<value>(0) == x);
    auto found
      = db->query("SELECT x FROM any WHERE id = ?", receipt.last_insert_rowid);
    REQUIRE(found);
    CHECK(found->rows.at(0).get<value>(0) == x);
  }
  check_unharmed();
}
