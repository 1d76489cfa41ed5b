#include "actors/sqlite/base/errors.hpp"

#include "tests/catch.hpp"

#include <sqlite3.h>

using namespace onewriter;

TEST_CASE("every result code of SQLite means something to a caller") {
  struct expectation {
    int sqlite_code;
    ec code;
  };
  for (auto x : std::initializer_list<expectation>{
         {SQLITE_OK, ec::none},
         {SQLITE_ERROR, ec::invalid_sql},
         {SQLITE_INTERNAL, ec::internal},
         {SQLITE_BUSY, ec::busy},
         {SQLITE_BUSY_SNAPSHOT, ec::busy},
         {SQLITE_BUSY_RECOVERY, ec::busy},
         {SQLITE_PROTOCOL, ec::busy},
         {SQLITE_SCHEMA, ec::busy},
         {SQLITE_LOCKED_VTAB, ec::invalid_sql},
         {SQLITE_NOMEM, ec::out_of_memory},
         {SQLITE_IOERR_NOMEM, ec::out_of_memory},
         {SQLITE_READONLY, ec::read_only},
         {SQLITE_READONLY_DIRECTORY, ec::read_only},
         {SQLITE_READONLY_DBMOVED, ec::file_replaced},
         {SQLITE_INTERRUPT, ec::run_limit_exceeded},
         {SQLITE_IOERR_FSYNC, ec::io_error},
         {SQLITE_IOERR_WRITE, ec::io_error},
         {SQLITE_IOERR_CORRUPTFS, ec::corrupt},
         {SQLITE_CORRUPT, ec::corrupt},
         {SQLITE_CORRUPT_INDEX, ec::corrupt},
         {SQLITE_CORRUPT_VTAB, ec::invalid_sql},
         {SQLITE_FULL, ec::disk_full},
         {SQLITE_CANTOPEN_ISDIR, ec::cannot_open},
         {SQLITE_TOOBIG, ec::too_big},
         {SQLITE_CONSTRAINT_UNIQUE, ec::constraint_violated},
         {SQLITE_CONSTRAINT_TRIGGER, ec::constraint_violated},
         {SQLITE_MISMATCH, ec::constraint_violated},
         {SQLITE_MISUSE, ec::internal},
         {SQLITE_AUTH, ec::not_allowed},
         {SQLITE_RANGE, ec::invalid_parameters},
         {SQLITE_NOTADB, ec::not_a_database},
       }) {
    INFO(sqlite3_errstr(x.sqlite_code));
    CHECK(sqlite::ec_of(x.sqlite_code) == x.code);
  }
}

TEST_CASE("only some errors are fatal or pass by themselves") {
  std::string fatal;
  std::string transient;
  for (uint8_t i = 0; i < ec_count; ++i) {
    auto code = static_cast<ec>(i);
    if (sqlite::is_fatal(code))
      fatal += to_string(code) + " ";
    if (sqlite::is_transient(code))
      transient += to_string(code) + " ";
  }
  CHECK(fatal
        == "disk_full io_error out_of_memory corrupt not_a_database "
           "cannot_open read_only file_replaced internal file_size_limit ");
  CHECK(transient == "busy disk_full io_error out_of_memory ");
}

TEST_CASE("an error carries code, statement and SQL") {
  auto err = sqlite::make_error(nullptr, SQLITE_FULL, "INSERT");
  auto what = failure_of(sqlite::at_statement(err, 3));
  CHECK(what.message
        == "database or disk is full; make room on the disk, or in the folder "
           "for temporary files");
  CHECK(what.sqlite_code == SQLITE_FULL);
  CHECK(what.sql == "INSERT");
  CHECK(what.statement == 3);
  CHECK(failure_of(err).statement == -1);
}

TEST_CASE("what is no error of SQLite is an internal one") {
  CHECK(code_of(sqlite::make_error(nullptr, SQLITE_OK)) == ec::internal);
}

TEST_CASE("long SQL is cut between two characters") {
  auto sql = std::string(999, 'x') + "\xc3\xa9" + std::string(100, 'y');
  auto what = failure_of(sqlite::make_error(nullptr, SQLITE_ERROR, sql));
  CHECK(what.sql == std::string(999, 'x') + "...");
}

TEST_CASE("words of a bound text are left out of a message") {
  auto rest = [](const char* text, const char* sql) {
    return sqlite::without_words_of(text, sql, "bad path: 'a.secret' near x");
  };
  CHECK(rest("my secret", "") == "bad path: 'a....' near x");
  CHECK(rest("other", "") == "bad path: 'a.secret' near x");
  CHECK(rest("a secret path", "SELECT path") == "bad path: 'a....' near x");
  CHECK(rest("", "") == "bad path: 'a.secret' near x");
}
