#include "actors/sqlite/schema.hpp"

#include "tests/sqlite/database_file.hpp"

using namespace onewriter;
using namespace onewriter::test;
using sqlite::commit_token;
using sqlite::prepare_schema;
using sqlite::role;
using sqlite::schema_part;

namespace {

constexpr auto tables = "SELECT name FROM sqlite_schema WHERE type = 'table' "
                        "AND name LIKE 'onewriter%' ORDER BY name";

} // namespace

TEST_CASE_METHOD(writer_file, "a new file gets onewriter's tables, once") {
  REQUIRE(ok(prepare_schema(*db)));
  CHECK(answer(*db, tables)
        == "'onewriter_batch'\n'onewriter_dead_letter'\n"
           "'onewriter_dead_letter_parameter'\n"
           "'onewriter_dead_letter_statement'\n'onewriter_idempotency'\n"
           "'onewriter_meta'\n'onewriter_session'\n");
  CHECK_FALSE(db->in_transaction());
  auto before = db->total_changes();
  REQUIRE(ok(prepare_schema(*db)));
  CHECK(db->total_changes() == before);
  CHECK(answer(*db, "SELECT * FROM onewriter_meta")
        == "'dead_letter.last_id'|0\n'schema.onewriter'|3\n");
}

TEST_CASE_METHOD(writer_file, "a file of users keeps what it has") {
  REQUIRE(answer(*db, "CREATE TABLE t(x)") == "");
  REQUIRE(answer(*db, "INSERT INTO t VALUES(1)") == "");
  REQUIRE(ok(prepare_schema(*db)));
  CHECK(answer(*db, "SELECT * FROM t") == "1\n");
}

TEST_CASE_METHOD(writer_file, "parts come with their versions") {
  auto first = "CREATE TABLE onewriter_a(x);"
               "INSERT INTO onewriter_a VALUES(1);";
  auto second = "ALTER TABLE onewriter_a ADD COLUMN y DEFAULT 2;"
                "UPDATE onewriter_a SET x = 3;";
  REQUIRE(ok(prepare_schema(*db, {{"a", {first}}})));
  CHECK(answer(*db, "SELECT * FROM onewriter_a") == "1\n");
  auto both = std::vector<schema_part>{{"a", {first, second}}};
  REQUIRE(ok(prepare_schema(*db, both)));
  REQUIRE(ok(prepare_schema(*db, both)));
  CHECK(answer(*db, "SELECT * FROM onewriter_a") == "3|2\n");
  CHECK(answer(*db, "SELECT * FROM onewriter_meta")
        == "'dead_letter.last_id'|0\n'schema.a'|2\n'schema.onewriter'|3\n");
  // A program that knows the first version only.
  CHECK(name_of(prepare_schema(*db, {{"a", {first}}})) == "newer_schema");
  CHECK_FALSE(db->in_transaction());
}

TEST_CASE_METHOD(writer_file, "a newer file is refused and not changed") {
  REQUIRE(ok(prepare_schema(*db)));
  REQUIRE(db->run_internal("UPDATE onewriter_meta SET value = 99"));
  auto err = prepare_schema(*db, {{"a", {"CREATE TABLE onewriter_a(x)"}}});
  CHECK(name_of(err) == "newer_schema");
  CHECK(contains(describe(err), "version 99"));
  CHECK_FALSE(contains(answer(*db, tables), "onewriter_a'"));
}

TEST_CASE_METHOD(writer_file, "a script that fails leaves nothing behind") {
  auto err = prepare_schema(
    *db, {{"a", {"CREATE TABLE onewriter_a(x); CREATE TABLE broken("}}});
  CHECK(name_of(err) == "invalid_sql");
  CHECK_FALSE(db->in_transaction());
  CHECK(answer(*db, tables) == "");
  CHECK(ok(prepare_schema(*db)));
}

TEST_CASE_METHOD(writer_file, "a version that is no number is damage") {
  REQUIRE(ok(prepare_schema(*db)));
  REQUIRE(db->run_internal("UPDATE onewriter_meta SET value = 'x'"));
  CHECK(name_of(prepare_schema(*db)) == "corrupt");
}

TEST_CASE_METHOD(writer_file, "the mark of a commit comes and goes with it") {
  CHECK(name_of(load_commit_token(*db).error()) == "invalid_sql");
  REQUIRE(ok(prepare_schema(*db)));
  CHECK(*load_commit_token(*db) == commit_token{});
  auto mark = commit_token{UINT64_MAX, uint64_t{1} << 63};
  REQUIRE(ok(db->begin_immediate()));
  REQUIRE(ok(store_commit_token(*db, mark)));
  CHECK(*load_commit_token(*db) == mark);
  CHECK(*load_commit_token(*open(role::reader)) == commit_token{});
  db->rollback();
  CHECK(*load_commit_token(*db) == commit_token{});
  REQUIRE(ok(db->begin_immediate()));
  REQUIRE(ok(store_commit_token(*db, mark)));
  REQUIRE(ok(db->commit()));
  CHECK(*load_commit_token(*open(role::reader)) == mark);
  REQUIRE(db->run_internal("DELETE FROM onewriter_batch"));
  CHECK(name_of(load_commit_token(*db).error()) == "corrupt");
  CHECK(name_of(store_commit_token(*db, mark)) == "corrupt");
}
