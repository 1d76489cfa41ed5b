#include "tests/fuzz/sql_fixture.hpp"

#include "actors/index/tables/fts_table.hpp"
#include "actors/index/tables/schema.hpp"
#include "onewriter/config.hpp"
#include "onewriter/failure.hpp"

#include <sqlite3.h>

#include <filesystem>
#include <stdexcept>

namespace onewriter::test {

namespace {

constexpr const char* users_schema = R"(
CREATE TABLE t(id INTEGER PRIMARY KEY, a, b TEXT NOT NULL DEFAULT '');
CREATE TABLE parent(id INTEGER PRIMARY KEY);
CREATE TABLE child(id INTEGER PRIMARY KEY, parent INTEGER
  REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX t_a ON t(a);
CREATE VIEW v AS SELECT a, b FROM t;
CREATE TRIGGER undo BEFORE DELETE ON parent BEGIN
  SELECT RAISE(ROLLBACK, 'never'); END;
CREATE VIRTUAL TABLE words USING fts5(body);
INSERT INTO t(a, b) VALUES(1, 'one'), (2.5, 'two'), (x'03', 'three');
INSERT INTO parent(id) VALUES(1);
INSERT INTO words(body) VALUES('one two three');
)";

// What a connection is set to. What is part of the file and may be set by
// users, user_version and application_id, is not among them.
constexpr const char* settings[] = {"analysis_limit",
                                    "auto_vacuum",
                                    "automatic_index",
                                    "busy_timeout",
                                    "cache_size",
                                    "cache_spill",
                                    "cell_size_check",
                                    "checkpoint_fullfsync",
                                    "defer_foreign_keys",
                                    "encoding",
                                    "foreign_keys",
                                    "fullfsync",
                                    "hard_heap_limit",
                                    "ignore_check_constraints",
                                    "journal_mode",
                                    "journal_size_limit",
                                    "legacy_alter_table",
                                    "locking_mode",
                                    "max_page_count",
                                    "mmap_size",
                                    "page_size",
                                    "query_only",
                                    "read_uncommitted",
                                    "recursive_triggers",
                                    "reverse_unordered_selects",
                                    "secure_delete",
                                    "soft_heap_limit",
                                    "synchronous",
                                    "temp_store",
                                    "threads",
                                    "trusted_schema",
                                    "wal_autocheckpoint",
                                    "writable_schema"};

// Of the batch mark every commit changes the content.
constexpr const char* own_content[]
  = {"SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name LIKE "
     "'onewriter\\_%' ESCAPE '\\' OR tbl_name LIKE 'onewriter\\_%' ESCAPE "
     "'\\' ORDER BY type, name",
     "SELECT key FROM onewriter_meta ORDER BY key",
     "SELECT * FROM onewriter_idempotency ORDER BY key",
     "SELECT * FROM onewriter_session ORDER BY id",
     "SELECT * FROM onewriter_dead_letter ORDER BY id",
     "SELECT * FROM onewriter_dead_letter_statement",
     "SELECT * FROM onewriter_dead_letter_parameter",
     "SELECT * FROM onewriter_index ORDER BY id",
     "SELECT * FROM onewriter_document ORDER BY id",
     "SELECT * FROM onewriter_index_job",
     "SELECT * FROM onewriter_index_garbage",
     "SELECT rowid, body, start FROM onewriter_fts_1 ORDER BY rowid"};

void require(const caf::error& err) {
  if (err != caf::none)
    throw std::runtime_error(describe(err));
}

std::string read(sqlite::connection& db, const std::string& sql) {
  auto rows = db.run_internal(sql);
  return sql + ": " + (rows ? to_string(*rows) : describe(rows.error()));
}

int is_defensive(sqlite::connection& db) {
  int result = -1;
  sqlite3_db_config(db.handle(), SQLITE_DBCONFIG_DEFENSIVE, -1, &result);
  return result;
}

} // namespace

sql_fixture::sql_fixture() {
  // CAF 1.x wants to know the types of errors before there is one.
  static const config types;
  opts_.path = folder_.file("fuzz.db");
  opts_.synchronous = synchronous::normal;
  opts_.max_value_bytes = 1'000'000;
  opts_.max_result_rows = 1'000;
  opts_.max_result_bytes = 1'000'000;
  opts_.cache_bytes = 1'000'000;
  open();
  require(sqlite::prepare_schema(*writer_, {index_schema()}));
  require(writer_->execute_internal(users_schema));
  sticky_sql steps{*writer_};
  steps.run("INSERT INTO onewriter_index(id, name, next_passage) "
            "VALUES(1, 'notes', 2)");
  fts_table{1}.create(steps);
  fts_table{1}.insert(steps, 1, {0, "the quick brown fox, again and again"});
  steps.run("INSERT INTO onewriter_document(index_id, key, hash, bytes, "
            "first_passage, end_passage) VALUES(1, 'fox', x'00', 36, 1, 2)");
  require(steps.error());
  close();
  std::filesystem::copy_file(opts_.path, folder_.file("first.db"));
  open();
}

sql_fixture::~sql_fixture() {
  close();
}

void sql_fixture::rebuild() {
  close();
  for (auto suffix : {"", "-wal", "-shm"})
    std::filesystem::remove(opts_.path + suffix);
  std::filesystem::copy_file(folder_.file("first.db"), opts_.path);
  open();
}

void sql_fixture::open() {
  using sqlite::connection;
  using sqlite::connection_options;
  auto opened
    = connection::open(connection_options::from(opts_, sqlite::role::writer));
  require(opened ? caf::error{} : opened.error());
  writer_ = std::move(*opened);
  // A new file has no mark.
  auto stored = sqlite::load_commit_token(*writer_);
  mark = stored ? *stored : sqlite::commit_token{};
  opened
    = connection::open(connection_options::from(opts_, sqlite::role::reader));
  require(opened ? caf::error{} : opened.error());
  reader_ = std::move(*opened);
}

void sql_fixture::close() {
  if (reader_)
    require(reader_->close());
  reader_.reset();
  if (writer_)
    require(writer_->close());
  writer_.reset();
}

std::string sql_fixture::state(sqlite::connection& db) {
  auto result = lasting_state();
  for (auto name : settings)
    result += read(db, std::string{"PRAGMA "} + name) + "\n";
  result
    += read(db, "SELECT name FROM pragma_database_list WHERE name <> 'temp'")
       + read(db, "SELECT count(*) FROM sqlite_temp_schema")
       + read(db, "SELECT 1") + std::to_string(is_defensive(db))
       + (db.in_transaction() ? " in a transaction" : "");
  return result;
}

std::string sql_fixture::lasting_state() {
  std::string result;
  for (auto sql : own_content)
    result += read(*writer_, sql) + "\n";
  return result;
}

} // namespace onewriter::test
