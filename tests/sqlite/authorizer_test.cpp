#include "actors/sqlite/access/authorizer.hpp"

#include "tests/sqlite/database_file.hpp"

using namespace onewriter;
using namespace onewriter::test;
using sqlite::role;

namespace {

/// A writer and a reader of a file with a table of a user and one of
/// onewriter's own.
class shared_file : public writer_file {
public:
  shared_file() {
    auto err = db->execute_internal(
      "CREATE TABLE onewriter_own(x);"
      "CREATE TABLE t(id INTEGER PRIMARY KEY, x);"
      "CREATE INDEX t_x ON t(x);"
      "CREATE VIRTUAL TABLE onewriter_fts_1 USING fts5(x);"
      "INSERT INTO onewriter_own VALUES(1);"
      "INSERT INTO t VALUES(1, 'one');"
      "INSERT INTO onewriter_fts_1 VALUES('one two');");
    if (!ok(err))
      FAIL(describe(err));
  }

  connection_ptr reader = open(role::reader);
};

} // namespace

// -- the writer -------------------------------------------------------------------

TEST_CASE_METHOD(shared_file, "users of the writer cannot leave their write") {
  for (auto sql : {
         "BEGIN",
         "BEGIN IMMEDIATE",
         "COMMIT",
         "END",
         "ROLLBACK",
         "SAVEPOINT a",
         "RELEASE onewriter",
         "ROLLBACK TO onewriter",
         "SAVEPOINT fts3",
         "RELEASE fts3",
         "ATTACH ':memory:' AS other",
         "DETACH main",
         "VACUUM",
         "VACUUM INTO 'onewriter-never-created.db'",
         "EXPLAIN COMMIT",
         "CREATE TEMP TABLE a(x)",
         "CREATE TABLE temp.a(x)",
         "CREATE TEMP VIEW a AS SELECT 1",
         "CREATE TEMP TRIGGER a AFTER INSERT ON t BEGIN SELECT 1; END",
         "CREATE VIRTUAL TABLE temp.a USING fts5(x)",
         "SELECT load_extension('x')",
         "SELECT LOAD_EXTENSION('x', 'y')",
         "PRAGMA wal_checkpoint",
         "PRAGMA main.wal_checkpoint(TRUNCATE)",
         "PRAGMA journal_mode = DELETE",
         "PRAGMA synchronous = OFF",
         "PRAGMA foreign_keys = OFF",
         "PRAGMA defer_foreign_keys = ON",
         "PRAGMA writable_schema = ON",
         "PRAGMA query_only = ON",
         "PRAGMA wal_autocheckpoint = 1",
         "PRAGMA WAL_AUTOCHECKPOINT = 1",
         "PRAGMA locking_mode = EXCLUSIVE",
         "PRAGMA busy_timeout = 60000",
         "PRAGMA schema_version = 5",
         "PRAGMA recursive_triggers = ON",
         "PRAGMA case_sensitive_like = ON",
         "PRAGMA max_page_count = 1",
         "PRAGMA temp_store = 1",
         "PRAGMA integrity_check",
         "PRAGMA optimize",
         "PRAGMA shrink_memory",
       }) {
    INFO(sql);
    CHECK(answer(*db, sql) == "not_allowed");
    CHECK(answer(*db, "SELECT 'works'") == "'works'\n");
  }
}

TEST_CASE_METHOD(shared_file, "users cannot write to onewriter's tables") {
  for (auto sql : {
         "INSERT INTO onewriter_own VALUES(2)",
         "INSERT INTO OneWriter_OWN VALUES(2)",
         "REPLACE INTO main.\"onewriter_own\" VALUES(2)",
         "UPDATE onewriter_own SET x = 2",
         "DELETE FROM onewriter_own",
         "DROP TABLE onewriter_own",
         "ALTER TABLE onewriter_own RENAME TO mine",
         "ALTER TABLE onewriter_own ADD COLUMN y",
         "CREATE INDEX mine ON onewriter_own(x)",
         "CREATE TRIGGER mine AFTER INSERT ON onewriter_own BEGIN SELECT 1; "
         "END",
         "CREATE TABLE onewriter_other(x)",
         "CREATE VIEW onewriter_other AS SELECT 1",
         "CREATE VIRTUAL TABLE onewriter_other USING fts5(x)",
         "INSERT INTO onewriter_fts_1 VALUES('three')",
         "INSERT INTO onewriter_fts_1(onewriter_fts_1) VALUES('delete-all')",
         "DELETE FROM onewriter_fts_1",
         "DROP TABLE onewriter_fts_1",
       }) {
    INFO(sql);
    CHECK(answer(*db, sql) == "not_allowed");
  }
  // These SQLite protects by itself.
  CHECK(answer(*db, "DELETE FROM onewriter_fts_1_data") == "invalid_sql");
  CHECK(answer(*db, "DELETE FROM onewriter_fts_1_content") == "invalid_sql");
  CHECK(answer(*db, "SELECT x FROM onewriter_own") == "1\n");
  CHECK(answer(*db, "SELECT x FROM onewriter_fts_1('two')") == "'one two'\n");
}

TEST_CASE_METHOD(shared_file, "triggers and views are no way around") {
  REQUIRE(answer(*db, "CREATE TRIGGER way AFTER INSERT ON t BEGIN "
                      "DELETE FROM onewriter_own; END")
          == "");
  CHECK(answer(*db, "INSERT INTO t VALUES(2, 'two')") == "not_allowed");
  REQUIRE(answer(*db, "DROP TRIGGER way") == "");
  REQUIRE(answer(*db, "INSERT INTO t VALUES(2, 'two')") == "");
  // The cached statement is prepared again, and asked about again.
  REQUIRE(answer(*db, "CREATE TRIGGER way AFTER INSERT ON t BEGIN "
                      "DELETE FROM onewriter_own; END")
          == "");
  CHECK(answer(*db, "INSERT INTO t VALUES(2, 'two')") == "not_allowed");
  REQUIRE(answer(*db, "DROP TRIGGER way") == "");
  CHECK(answer(*db, "CREATE TRIGGER way AFTER INSERT ON t BEGIN "
                    "DELETE FROM onewriter_fts_1_data; END")
        == "invalid_sql");
  REQUIRE(answer(*db, "CREATE VIEW v AS SELECT x FROM onewriter_own") == "");
  REQUIRE(answer(*db, "CREATE TRIGGER way INSTEAD OF UPDATE ON v BEGIN "
                      "UPDATE onewriter_own SET x = NEW.x; END")
          == "");
  CHECK(answer(*db, "UPDATE v SET x = 5") == "not_allowed");
  CHECK(answer(*db, "SELECT x FROM v") == "1\n");
}

TEST_CASE_METHOD(shared_file, "users do what they like with their own") {
  for (auto sql : {
         "CREATE TABLE a(x UNIQUE, y DEFAULT 5)",
         "CREATE INDEX b ON a(y)",
         "CREATE VIEW c AS SELECT * FROM a",
         "CREATE TRIGGER d AFTER INSERT ON a BEGIN DELETE FROM t; END",
         "INSERT INTO a(x) VALUES(1)",
         "WITH n AS (SELECT 2 AS i) INSERT INTO a(x) SELECT i FROM n",
         "UPDATE a SET y = 6",
         "ALTER TABLE a RENAME TO e",
         "ALTER TABLE e ADD COLUMN z",
         "ALTER TABLE e RENAME COLUMN z TO zz",
         "ALTER TABLE e DROP COLUMN zz",
         "REINDEX",
         "REINDEX e",
         "ANALYZE",
         "ANALYZE e",
         "DROP VIEW c",
         "DROP TRIGGER d",
         "DROP INDEX b",
         "DROP TABLE e",
         "CREATE TABLE g(id INTEGER PRIMARY KEY AUTOINCREMENT)",
         "INSERT INTO g DEFAULT VALUES",
         "DELETE FROM sqlite_sequence WHERE name = 'g'",
         "DROP TABLE g",
         "CREATE TABLE h AS SELECT * FROM t",
         "PRAGMA user_version = 5",
         "PRAGMA application_id = 6",
         "PRAGMA incremental_vacuum(1)",
       }) {
    INFO(sql);
    CHECK(complaint(*db, sql) == "none");
  }
  CHECK(answer(*db, "PRAGMA user_version") == "5\n");
  CHECK(answer(*db, "PRAGMA application_id") == "6\n");
  CHECK(answer(*db, "SELECT name FROM pragma_table_info('t')")
        == "'id'\n'x'\n");
}

TEST_CASE_METHOD(shared_file, "virtual tables of users work") {
  for (auto sql : {
         "CREATE VIRTUAL TABLE f5 USING fts5(x)",
         "INSERT INTO f5 VALUES('one two')",
         "INSERT INTO f5(f5) VALUES('optimize')",
         "INSERT INTO f5(f5) VALUES('integrity-check')",
         "DELETE FROM f5 WHERE f5 MATCH 'two'",
         "CREATE VIRTUAL TABLE ft USING fts5(x, content='t', "
         "content_rowid='id')",
         "CREATE TRIGGER fill AFTER INSERT ON t BEGIN "
         "INSERT INTO ft(rowid, x) VALUES(NEW.id, NEW.x); END",
         "INSERT INTO t VALUES(7, 'seven')",
         "INSERT INTO ft(ft) VALUES('rebuild')",
         "CREATE VIRTUAL TABLE words USING fts5vocab('ft', 'row')",
         "SELECT term FROM words",
         "CREATE VIRTUAL TABLE f4 USING fts4(x)",
         "INSERT INTO f4 VALUES('one two')",
         "INSERT INTO f4(f4) VALUES('optimize')",
         "SELECT optimize(f4) FROM f4 LIMIT 1",
         "CREATE VIRTUAL TABLE r USING rtree(id, a, b)",
         "INSERT INTO r VALUES(1, 0, 5)",
         "SELECT * FROM r WHERE a < 3",
         "DROP TABLE f5",
         "DROP TABLE f4",
         "DROP TABLE words",
       }) {
    INFO(sql);
    CHECK(complaint(*db, sql) == "none");
  }
  for (auto& x : {db.get(), reader.get()}) {
    CHECK(answer(*x, "SELECT rowid FROM ft('seven')") == "7\n");
    CHECK(answer(*x, "SELECT id FROM r WHERE b > 1") == "1\n");
    CHECK(answer(*x, "SELECT x FROM onewriter_fts_1('one')") == "'one two'\n");
  }
  CHECK(answer(*db, "DROP TABLE ft") == "");
}

TEST_CASE_METHOD(shared_file, "what FTS5 left to write does not stop users") {
  auto internal = "INSERT INTO onewriter_fts_1 VALUES('pending')";
  // New connections, on which FTS5 has prepared nothing.
  for (auto sql :
       {"SELECT count(*) FROM onewriter_fts_1('pending')",
        "INSERT INTO t(x) VALUES('a'), ('b')", "CREATE TABLE later(x)"}) {
    INFO(sql);
    auto fresh = open(role::writer);
    REQUIRE(ok(fresh->begin_immediate()));
    REQUIRE(fresh->run_internal(internal));
    CHECK(complaint(*fresh, sql) == "none");
    REQUIRE(ok(fresh->savepoint()));
    CHECK(complaint(*fresh, sql) != "not_allowed");
    REQUIRE(ok(fresh->rollback_to_savepoint()));
    CHECK(ok(fresh->commit()));
  }
  CHECK(answer(*db, "SELECT count(*) FROM onewriter_fts_1('pending')")
        == "3\n");
}

TEST_CASE_METHOD(shared_file, "the FTS5 tables of onewriter stay its own") {
  REQUIRE(db->run_internal("INSERT INTO onewriter_fts_1 VALUES('three')"));
  REQUIRE(db->run_internal("INSERT INTO onewriter_fts_1(onewriter_fts_1) "
                           "VALUES('optimize')"));
  CHECK(answer(*db, "INSERT INTO onewriter_fts_1 VALUES('four')")
        == "not_allowed");
  // The same text is not found where users look.
  CHECK(answer(*db, "INSERT INTO onewriter_fts_1 VALUES('three')")
        == "not_allowed");
  CHECK(answer(*reader, "SELECT count(*) FROM onewriter_fts_1('three')")
        == "1\n");
}

TEST_CASE_METHOD(shared_file,
                 "a refusal says what was refused and what to do") {
  CHECK(complaint(*db, "COMMIT")
        == "not_allowed: COMMIT is not allowed, because onewriter controls "
           "transactions: put the statements into one write [SQLite 23]: "
           "COMMIT");
  CHECK(contains(complaint(*db, "PRAGMA synchronous = OFF"),
                 "PRAGMA synchronous with a value is not allowed"));
  CHECK(contains(complaint(*db, "PRAGMA wal_checkpoint"),
                 "send it a checkpoint message"));
  CHECK(contains(complaint(*db, "DELETE FROM onewriter_own"), "onewriter_own"));
  CHECK(contains(complaint(*reader, "DELETE FROM t"), "send it as a write"));
  CHECK(contains(complaint(*reader, "BEGIN"), "put what belongs together"));
}

TEST_CASE_METHOD(writer_file, "what is on the schema's list needs no trust") {
  // A schema of another program, which calls what it must not.
  REQUIRE(answer(*db, "CREATE TABLE t(x)") == "");
  REQUIRE(answer(*db, "CREATE TRIGGER evil AFTER INSERT ON t BEGIN "
                      "SELECT load_extension('x'); END")
          == "");
  CHECK(answer(*db, "INSERT INTO t VALUES(1)") != "");
  CHECK(answer(*db, "SELECT * FROM t") == "");
  CHECK(answer(*db, "UPDATE sqlite_schema SET sql = ''") == "invalid_sql");
  CHECK(answer(*db, "SELECT fts3_tokenizer('a', x'0000000000000000')")
        == "invalid_sql");
}

// -- readers ----------------------------------------------------------------------

TEST_CASE_METHOD(shared_file, "a reader runs queries only") {
  for (auto sql : {
         "INSERT INTO t VALUES(2, 'two')",
         "INSERT INTO t VALUES(2, 'two') RETURNING id",
         "UPDATE t SET x = 1",
         "DELETE FROM t",
         "DELETE FROM onewriter_own",
         "REPLACE INTO t VALUES(1, 'two')",
         "CREATE TABLE a(x)",
         "CREATE TEMP TABLE a(x)",
         "CREATE INDEX a ON t(x)",
         "CREATE VIRTUAL TABLE a USING fts5(x)",
         "DROP TABLE t",
         "ALTER TABLE t RENAME TO u",
         "REINDEX t_x",
         "ANALYZE",
         "VACUUM",
         "VACUUM INTO 'onewriter-never-created.db'",
         "BEGIN",
         "COMMIT",
         "SAVEPOINT a",
         "ATTACH ':memory:' AS other",
         "SELECT load_extension('x')",
         "PRAGMA wal_checkpoint",
         "PRAGMA wal_checkpoint(PASSIVE)",
         "PRAGMA wal_checkpoint(TRUNCATE)",
         "PRAGMA main.WAL_Checkpoint = FULL",
         "PRAGMA query_only = 0",
         "PRAGMA query_only(off)",
         "PRAGMA wal_autocheckpoint = 1",
         "PRAGMA journal_mode = DELETE",
         "PRAGMA user_version = 9",
         "PRAGMA application_id = 9",
         "PRAGMA incremental_vacuum",
         "PRAGMA writable_schema = 1",
         "PRAGMA optimize",
       }) {
    INFO(sql);
    CHECK(answer(*reader, sql) == "not_a_query");
    CHECK(answer(*reader, "SELECT x FROM t") == "'one'\n");
  }
  CHECK_FALSE(std::filesystem::exists("onewriter-never-created.db"));
}

TEST_CASE_METHOD(shared_file, "no checkpoint comes through a function either") {
  CHECK(answer(*reader, "SELECT * FROM pragma_wal_checkpoint") != "");
  CHECK(answer(*reader, "SELECT * FROM pragma_wal_checkpoint('TRUNCATE')")
        != "");
  CHECK(answer(*reader, "SELECT * FROM pragma_query_only") != "");
  CHECK(std::filesystem::file_size(path + "-wal") > 0);
}

TEST_CASE_METHOD(shared_file, "PRAGMAs that only read work for all callers") {
  for (auto sql : {
         "PRAGMA table_info(t)",
         "PRAGMA table_xinfo(t)",
         "PRAGMA table_list",
         "PRAGMA index_list(t)",
         "PRAGMA index_info(a)",
         "PRAGMA index_xinfo(a)",
         "PRAGMA foreign_key_list(t)",
         "PRAGMA foreign_keys",
         "PRAGMA user_version",
         "PRAGMA application_id",
         "PRAGMA schema_version",
         "PRAGMA data_version",
         "PRAGMA page_count",
         "PRAGMA page_size",
         "PRAGMA freelist_count",
         "PRAGMA max_page_count",
         "PRAGMA compile_options",
         "PRAGMA database_list",
         "PRAGMA encoding",
         "PRAGMA function_list",
         "PRAGMA module_list",
         "PRAGMA pragma_list",
         "PRAGMA collation_list",
         "PRAGMA synchronous",
         "PRAGMA cache_size",
         "PRAGMA auto_vacuum",
         "PRAGMA busy_timeout",
         "PRAGMA recursive_triggers",
         "PRAGMA secure_delete",
         "SELECT * FROM pragma_table_info('t')",
         "SELECT * FROM pragma_index_list('t')",
         "EXPLAIN QUERY PLAN SELECT * FROM t",
         "EXPLAIN SELECT * FROM t",
       }) {
    INFO(sql);
    CHECK(complaint(*db, sql) == "none");
    CHECK(complaint(*reader, sql) == "none");
  }
  CHECK(answer(*reader, "PRAGMA integrity_check") == "'ok'\n");
  CHECK(answer(*reader, "PRAGMA quick_check") == "'ok'\n");
  CHECK(answer(*reader, "PRAGMA foreign_key_check") == "");
}
