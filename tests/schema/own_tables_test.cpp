// What users put into the schema keeps neither onewriter's own tables from
// working nor other callers' writes from arriving.
#include "tests/database/client_fixture.hpp"
#include "tests/oracle/raw_database.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace onewriter;
using namespace onewriter::test;

namespace {

class own_tables_fixture : public client_fixture {
public:
  own_tables_fixture() {
    opts.functions["run"]
      = [](session& at, const std::vector<value>& arguments) {
          return at.run(std::get<std::string>(arguments.at(0).data));
        };
    open();
    must("CREATE TABLE t(a INTEGER PRIMARY KEY, b)");
  }

  /// Checks that all that onewriter keeps in the file can still be written, and
  /// that what another caller writes arrives.
  void check_health() {
    auto i = ++checks_;
    CHECK(outcome_of(send(write{"INSERT INTO t(a) VALUES(?)", i}).reply())
          == "ok");
    CHECK(rows("SELECT count(*) FROM t WHERE a = ?", i) == "1");
    write keyed{"INSERT INTO t(a) VALUES(?)", -i};
    keyed.idempotency_key = "key " + std::to_string(i);
    CHECK(outcome_of(db->write(keyed)) == "ok");
    auto again = db->write(keyed);
    CHECK((again && again->repeated));
    auto letters = stats().dead_letters;
    send_and_forget(write{"INSERT INTO missing VALUES(?)", i});
    CHECK(eventually([&] { return stats().dead_letters == letters + 1; }));
    chunked_index document;
    document.index = "notes " + std::to_string(i);
    document.key = "a";
    document.text = "a few words";
    CHECK(outcome_of(db->index(document)) == "ok");
  }

  /// Checks that `sql` is refused in each kind of request, by an error that
  /// names `object`, and that what shares the transaction goes on.
  void check_refused(const std::string& sql, const std::string& object) {
    check_error(db->write(sql), object);
    write several{"INSERT INTO t(a) VALUES(100)"};
    several.then(sql);
    check_error(db->write(several), object);
    write keyed{sql};
    keyed.idempotency_key = sql;
    check_error(db->write(keyed), object);
    check_error(db->call("run", sql), object);
    transaction within;
    within.function = [sql](session& at) {
      return at.run(sql);
    };
    check_error(db->transaction(within), object);
    check_neighbours(sql, object);
    CHECK(rows("SELECT a FROM t WHERE a = 100") == "");
  }

  /// Checks that other writes of the same transaction are not affected.
  void check_neighbours(const std::string& sql, const std::string& object) {
    auto holder = hold();
    auto before = send(write{"INSERT INTO t(a, b) VALUES(201, 'before')"});
    auto bad = send(write{sql});
    auto after = send(write{"INSERT INTO t(a, b) VALUES(202, 'after')"});
    pass_on();
    CHECK(holder.release() == "ok");
    CHECK(outcome_of(before.reply()) == "ok");
    check_error(bad.reply(), object);
    CHECK(outcome_of(after.reply()) == "ok");
    CHECK(rows("SELECT b FROM t WHERE a > 200") == "'before' 'after'");
    must("DELETE FROM t WHERE a > 200");
  }

  static void check_error(const caf::expected<write_receipt>& reply,
                          const std::string& object) {
    CHECK(outcome_of(reply) == "not_allowed");
    auto message = reply ? "" : failure_of(reply.error()).message;
    INFO(message);
    CHECK(message.find(object) != std::string::npos);
  }

  std::vector<dead_letter> letters() {
    auto found = db->dead_letters({});
    if (!found)
      FAIL(describe(found.error()));
    return found->letters;
  }

private:
  int64_t checks_ = 0;
};

} // namespace

// -- what a request must not leave ------------------------------------------------

TEST_CASE_METHOD(own_tables_fixture,
                 "a foreign key to a table of onewriter is refused") {
  for (auto parent : {"onewriter_batch(number)", "OneWriter_Batch",
                      "\"onewriter_dead_letter\"(code)", "[onewriter_index]",
                      "`onewriter_idempotency`(key) ON DELETE SET NULL",
                      "'onewriter_meta'(value) DEFERRABLE INITIALLY DEFERRED",
                      "onewriter_fts_1(rowid)", "onewriter_not_there_yet"}) {
    INFO(parent);
    check_refused(std::string{"CREATE TABLE c(x REFERENCES "} + parent + ")",
                  "the table c ");
    check_refused(std::string{"CREATE TABLE c(x, FOREIGN KEY(x) REFERENCES "}
                    + parent + ")",
                  "the table c ");
  }
  check_health();
  reopen();
  check_health();
}

TEST_CASE_METHOD(own_tables_fixture,
                 "numbers of dead letters are not counted where users write") {
  check_health();
  for (auto sql :
       {"UPDATE sqlite_sequence SET seq = 9223372036854775807 "
        "WHERE name = 'onewriter_dead_letter'",
        "UPDATE sqlite_sequence SET seq = 'x'", "DELETE FROM sqlite_sequence",
        "INSERT INTO sqlite_sequence(name, seq) "
        "VALUES('onewriter_dead_letter', 9223372036854775807)"}) {
    INFO(sql);
    must(sql);
    check_health();
  }
  auto last = letters().back().id;
  CHECK(last == 5);
  must("CREATE TABLE missing(x)");
  CHECK(outcome_of(db->replay(last)) == "ok");
  must("DROP TABLE missing");
  reopen();
  check_health();
  CHECK(letters().back().id == 6);
}

TEST_CASE_METHOD(own_tables_fixture,
                 "a temporary trigger by any spelling is refused") {
  for (auto head :
       {"CREATE TRIGGER temp.x", "CREATE TRIGGER TEMP.[x]",
        "CREATE TRIGGER IF NOT EXISTS \"temp\".x", "CREATE TEMP TRIGGER x"}) {
    check_refused(std::string{head}
                    + " BEFORE INSERT ON t BEGIN SELECT RAISE(IGNORE); END",
                  "temporary");
  }
  check_health();
  CHECK(rows("SELECT count(*) FROM t") == "2");
}

TEST_CASE_METHOD(own_tables_fixture,
                 "a trigger that writes to a table of onewriter is refused") {
  for (auto body :
       {"DELETE FROM onewriter_batch", "UPDATE OneWriter_Batch SET number = 1",
        "UPDATE OR IGNORE /* of all */ [onewriter_batch] SET number = 1",
        "INSERT OR REPLACE INTO `onewriter_meta` VALUES(1, 2)",
        "REPLACE INTO 'onewriter_meta' VALUES(1, 2)",
        "SELECT 1; DELETE FROM -- all\n \"onewriter_batch\""})
    check_refused(std::string{"CREATE TRIGGER x AFTER INSERT ON t BEGIN "}
                    + body + "; END",
                  "the trigger x ");
  must("CREATE TRIGGER x AFTER INSERT ON t WHEN NEW.b = 'onewriter_batch' "
       "BEGIN UPDATE t SET b = (SELECT number FROM onewriter_batch) "
       "WHERE a = NEW.a; END");
  check_health();
  must("INSERT INTO t(a, b) VALUES(50, 'onewriter_batch')");
  CHECK(rows("SELECT typeof(b) FROM t WHERE a = 50") == "'integer'");
}

TEST_CASE_METHOD(own_tables_fixture,
                 "tables of a virtual table cannot take onewriter's names") {
  must("CREATE VIRTUAL TABLE v USING fts5(x)");
  check_refused("CREATE VIRTUAL TABLE OneWriter USING fts5(x)", "OneWriter");
  check_refused("ALTER TABLE v RENAME TO onewriter", "onewriter");
  check_health();
}

TEST_CASE_METHOD(own_tables_fixture, "a message or a letter cannot do either") {
  auto sql = std::string{"CREATE TRIGGER temp.x BEFORE INSERT ON t BEGIN "
                         "SELECT RAISE(IGNORE); END"};
  db->best_effort("key", sql);
  CHECK(eventually([&] { return stats().best_effort.failed == 1; }));
  send_and_forget(write{sql});
  REQUIRE(eventually([&] { return stats().dead_letters == 1; }));
  auto letter = letters().front();
  CHECK(letter.code == ec::not_allowed);
  check_error(db->replay(letter.id), "temporary");
  check_health();
}

TEST_CASE_METHOD(own_tables_fixture, "a request may drop what it has made") {
  write both{"CREATE TABLE c(x REFERENCES onewriter_batch(number))"};
  both.then("DROP TABLE c");
  CHECK(outcome_of(db->write(both)) == "ok");
  check_health();
}

// -- what another program left ----------------------------------------------------

TEST_CASE_METHOD(own_tables_fixture,
                 "a file whose schema is in the way is not opened") {
  close();
  for (auto [sql, object] : std::vector<std::pair<const char*, const char*>>{
         {"CREATE TABLE c(x REFERENCES onewriter_batch(number))", "TABLE c"},
         {"CREATE TABLE c(x REFERENCES onewriter_dead_letter)", "TABLE c"},
         {"CREATE TRIGGER c BEFORE UPDATE ON onewriter_batch BEGIN "
          "SELECT RAISE(IGNORE); END",
          "TRIGGER c"},
         {"CREATE UNIQUE INDEX c ON onewriter_dead_letter(code)", "INDEX c"}}) {
    INFO(sql);
    raw_database{opts.path}.run(sql);
    auto err = try_open();
    CHECK(outcome_of(err) == "cannot_open");
    auto message = failure_of(err).message;
    INFO(message);
    CHECK(message.find(" c ") != std::string::npos);
    CHECK(message.find("onewriter_") != std::string::npos);
    raw_database{opts.path}.run("DROP " + std::string{object});
  }
  open();
  check_health();
}

TEST_CASE_METHOD(own_tables_fixture,
                 "a schema that another program changes is named") {
  check_health();
  raw_database{opts.path}.run(
    "CREATE TABLE c(x REFERENCES onewriter_batch(number))");
  auto reply = db->write("INSERT INTO t(a) VALUES(70)");
  CHECK(outcome_of(reply) != "ok");
  auto why = reply ? std::string{} : describe(reply.error());
  INFO(why);
  CHECK(why.find("the table c ") != std::string::npos);
  raw_database{opts.path}.run("DROP TABLE c");
  open();
  check_health();
  CHECK(rows("SELECT a FROM t WHERE a = 70") == "");
}

TEST_CASE_METHOD(own_tables_fixture,
                 "a dead letter that another program bars ends the database") {
  check_health();
  raw_database{opts.path}.run(
    "CREATE TABLE c(x REFERENCES onewriter_dead_letter(code) DEFERRABLE "
    "INITIALLY DEFERRED)");
  send_and_forget(write{"INSERT INTO missing VALUES(1)"});
  CHECK(eventually(
    [&] { return log.text().find("the table c ") != std::string::npos; }));
  raw_database{opts.path}.run("DROP TABLE c");
}

// -- files of earlier versions ----------------------------------------------------

TEST_CASE_METHOD(own_tables_fixture,
                 "letters of an earlier file keep their numbers") {
  auto make_old = [this](const std::string& sequence) {
    close();
    raw_database file{opts.path};
    file.run("DELETE FROM onewriter_dead_letter;"
             "DELETE FROM onewriter_dead_letter_statement;"
             "DELETE FROM onewriter_dead_letter_parameter;"
             "DELETE FROM onewriter_meta WHERE key = 'dead_letter.last_id';"
             "UPDATE onewriter_meta SET value = 1 "
             "WHERE key = 'schema.onewriter';"
             "DROP TABLE onewriter_session;"
             "INSERT INTO onewriter_dead_letter VALUES(3, '', 1, '', "
             "'invalid_sql', '', 1, 0, 0);");
    file.run("UPDATE sqlite_sequence SET seq = " + sequence
             + " WHERE name = 'onewriter_dead_letter'");
  };
  auto next_id = [this] {
    open();
    send_and_forget(write{"INSERT INTO missing VALUES(1)"});
    REQUIRE(eventually([&] { return stats().dead_letters == 2; }));
    return letters().back().id;
  };
  make_old("41");
  CHECK(next_id() == 42);
  // Numbers that cannot have come from counting.
  make_old("9223372036854775807");
  CHECK(next_id() == 4);
  make_old("'x'");
  CHECK(next_id() == 4);
}
