#pragma once

#include "tests/catch.hpp"
#include "tests/database/client_fixture.hpp"

#include <string>
#include <utility>

// Everything that a caller can get wrong, sent to a database the way callers
// send it. After each error the next request works, and what was acknowledged
// before is still there.

namespace onewriter::test {

/// "invalid_sql@0: SELEC 1": the code, the statement and its SQL.
inline std::string verdict_on(const caf::error& err) {
  auto what = failure_of(err);
  auto result = outcome_of(err);
  if (what.statement >= 0)
    result += "@" + std::to_string(what.statement);
  return what.sql.empty() ? result : result + ": " + what.sql;
}

template <class T>
std::string verdict_on(const caf::expected<T>& reply) {
  return reply ? "ok" : verdict_on(reply.error());
}

template <class T>
std::string message_of(const caf::expected<T>& reply) {
  return reply ? "ok" : failure_of(reply.error()).message;
}

/// Fails unless `text` contains `part`, and shows both.
inline void check_contains(const std::string& text, const std::string& part) {
  INFO(text);
  INFO(part);
  CHECK(text.find(part) != std::string::npos);
}

inline void say_not_tested() {
  WARN("not tested: root can write everything here, and chattr does not work");
}

/// A file with tables for bad requests, and rows that must never get lost.
class bad_input_fixture : public client_fixture {
public:
  /// Opens the file, with what a test has set in `opts`.
  void start() {
    open();
    must("CREATE TABLE kept(a INTEGER PRIMARY KEY)");
    must("CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT NOT NULL DEFAULT '' "
         "CHECK(b <> 'bad'))");
    must("CREATE TABLE child(a INTEGER REFERENCES t(a) "
         "DEFERRABLE INITIALLY DEFERRED)");
    must("CREATE TRIGGER no_nine BEFORE INSERT ON t WHEN NEW.a = 9 "
         "BEGIN SELECT RAISE(ROLLBACK, 'nine'); END");
    keep();
  }

  /// Writes a row that must not get lost.
  void keep() {
    must("INSERT INTO kept(a) VALUES(?)", ++kept_);
    expected_ += (kept_ > 1 ? " " : "") + std::to_string(kept_);
  }

  /// Shows that nothing that was acknowledged is lost, and that both kinds of
  /// requests work as if nothing had happened.
  void check_unharmed() {
    CHECK(rows("SELECT a FROM kept ORDER BY a") == expected_);
    keep();
    CHECK(rows("SELECT a FROM kept ORDER BY a") == expected_);
  }

  template <class... Ts>
  std::string writing(std::string sql, Ts&&... xs) {
    return verdict_on(db->write(std::move(sql), std::forward<Ts>(xs)...));
  }

  template <class... Ts>
  std::string querying(std::string sql, Ts&&... xs) {
    return verdict_on(db->query(std::move(sql), std::forward<Ts>(xs)...));
  }

  /// What a statement that only reads says on the writer's own connection.
  std::string on_writer(std::string sql) {
    auto receipt = must(std::move(sql));
    return receipt.returned.empty() ? "" : in_one_line(receipt.returned[0]);
  }

private:
  int64_t kept_ = 0;
  std::string expected_;
};

/// The same, opened with the default options.
class open_fixture : public bad_input_fixture {
public:
  open_fixture() {
    start();
  }
};

/// A statement that ends by its limit only.
inline const auto endless = std::string{
  "INSERT INTO t(a) WITH RECURSIVE n(x) AS (SELECT 1000 UNION ALL SELECT x + 1 "
  "FROM n) SELECT x FROM n"};

} // namespace onewriter::test
