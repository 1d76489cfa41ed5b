#include "tests/schema/statement_kinds.hpp"

#include <algorithm>
#include <iterator>

namespace onewriter::test {

namespace {

constexpr const char* contents[] = {
  "INSERT INTO @ DEFAULT VALUES",
  "INSERT OR REPLACE INTO @ SELECT * FROM @",
  "INSERT INTO @(@, rank) VALUES('delete-all', 0)",
  "INSERT INTO t(b) SELECT 1 FROM @",
  "INSERT INTO t(b) SELECT count(*) FROM @ WHERE true "
  "ON CONFLICT DO UPDATE SET b = (SELECT 1 FROM @)",
  "INSERT INTO t(b) VALUES(1) RETURNING (SELECT 1 FROM @)",
  "REPLACE INTO @ DEFAULT VALUES",
  "UPDATE @ SET rowid = 7",
  "UPDATE @ SET number = 7",
  "UPDATE OR IGNORE @ SET code = 7, name = 7",
  "UPDATE t SET b = 1 FROM @",
  "UPDATE t SET @ = 1",
  "DELETE FROM @",
  "DELETE FROM @ WHERE rowid > 0 RETURNING *",
  "DELETE FROM t WHERE a IN (SELECT 1 FROM @)",
  "DELETE FROM t WHERE a IN @",
  "WITH @(b) AS (SELECT 1) INSERT INTO t(b) SELECT b FROM @",
  "WITH @(b) AS (SELECT 1) DELETE FROM @",
  "WITH x AS (SELECT * FROM @) DELETE FROM @",
  "WITH RECURSIVE @(b) AS (SELECT 1 UNION SELECT b FROM @) "
  "UPDATE @ SET b = 1",
  "SELECT * FROM @",
  "SELECT @.* FROM t AS @",
  "VALUES((SELECT 1 FROM @))",
  "EXPLAIN DELETE FROM @",
  "EXPLAIN QUERY PLAN SELECT * FROM @",
};

constexpr const char* tables[] = {
  "CREATE TABLE @(x)",
  "CREATE TABLE IF NOT EXISTS @(x)",
  "CREATE TEMP TABLE @(x)",
  "CREATE TABLE @ AS SELECT 1",
  "CREATE TABLE c AS SELECT * FROM @",
  "CREATE TABLE c(@)",
  "CREATE TABLE c(x @)",
  "CREATE TABLE c(x COLLATE @)",
  "CREATE TABLE c(x CONSTRAINT @ CHECK(x > 0))",
  "CREATE TABLE c(x CHECK(x IN (SELECT 1 FROM @)))",
  "CREATE TABLE c(x CHECK(x <> @.number))",
  "CREATE TABLE c(x DEFAULT @)",
  "CREATE TABLE c(x DEFAULT (@))",
  "CREATE TABLE c(x, y AS (@))",
  "CREATE TABLE c(x, y AS ((SELECT 1 FROM @)) STORED)",
  "CREATE TABLE c(x REFERENCES @)",
  "CREATE TABLE c(x REFERENCES @(number))",
  "CREATE TABLE c(x REFERENCES @(name) ON DELETE SET NULL)",
  "CREATE TABLE c(x REFERENCES @ ON UPDATE CASCADE DEFERRABLE INITIALLY "
  "DEFERRED)",
  "CREATE TABLE c(x, y, FOREIGN KEY(x, y) REFERENCES @(code, id))",
  "CREATE TABLE c(x PRIMARY KEY, FOREIGN KEY(x) REFERENCES @) WITHOUT ROWID",
  "CREATE TABLE IF NOT EXISTS c(x REFERENCES @(number))",
  "CREATE TABLE c(x REFERENCES d(x));;CREATE TABLE d(x);;"
  "ALTER TABLE d RENAME TO @",
  "CREATE TABLE c(x);;ALTER TABLE c ADD COLUMN y REFERENCES @(number)",
  "DROP TABLE @",
  "DROP TABLE IF EXISTS @",
  "ALTER TABLE @ RENAME TO c",
  "ALTER TABLE @ RENAME COLUMN number TO c",
  "ALTER TABLE @ ADD COLUMN c",
  "ALTER TABLE @ DROP COLUMN number",
  "ALTER TABLE t RENAME TO @",
  "ALTER TABLE t RENAME COLUMN b TO @",
  "ALTER TABLE t ADD COLUMN @",
  "ALTER TABLE t ADD COLUMN c REFERENCES @",
  "ALTER TABLE f RENAME TO @",
};

constexpr const char* others[] = {
  "CREATE INDEX @ ON t(b)",
  "CREATE UNIQUE INDEX i ON @(number)",
  "CREATE INDEX i ON @(code)",
  "CREATE INDEX i ON t(@)",
  "CREATE INDEX i ON t(b) WHERE b <> @",
  "CREATE INDEX i ON t(b) WHERE b IN (SELECT 1 FROM @)",
  "DROP INDEX @",
  "REINDEX @",
  "ANALYZE @",
  "CREATE VIEW @ AS SELECT 1 AS b",
  "CREATE VIEW c AS SELECT * FROM @",
  "CREATE VIEW c AS SELECT 1 AS @",
  "CREATE TEMP VIEW @ AS SELECT 1",
  "CREATE TEMP VIEW c AS SELECT * FROM @",
  "CREATE VIEW temp.@ AS SELECT 1",
  "DROP VIEW @",
  "CREATE VIRTUAL TABLE @ USING fts5(x)",
  "CREATE VIRTUAL TABLE temp.@ USING fts5(x)",
  "CREATE VIRTUAL TABLE @ USING rtree(id, x, y)",
  "CREATE VIRTUAL TABLE c USING fts5(code, content=@)",
  ("CREATE VIRTUAL TABLE c USING fts5(code, content=@);;"
   "INSERT INTO c(c) VALUES('rebuild');;DROP TABLE c"),
  "CREATE VIRTUAL TABLE c USING fts4(content=@)",
  "CREATE VIRTUAL TABLE c USING fts5vocab(@, row)",
  "CREATE VIRTUAL TABLE c USING @",
  "SELECT * FROM pragma_table_info(@)",
  "SELECT * FROM pragma_foreign_key_list(@)",
  "PRAGMA table_info(@)",
  "PRAGMA index_list(@)",
  "PRAGMA @",
  "INSERT INTO sqlite_sequence VALUES(@, 9223372036854775807)",
  "UPDATE sqlite_sequence SET seq = 9223372036854775807 WHERE name = @",
  "UPDATE sqlite_sequence SET name = @, seq = 9223372036854775807",
  "DELETE FROM sqlite_sequence WHERE name = @",
  "ANALYZE;;INSERT INTO sqlite_stat1 VALUES(@, NULL, 'unordered')",
  "ANALYZE;;UPDATE sqlite_stat1 SET stat = '9 x -1' WHERE tbl = @",
  "UPDATE sqlite_schema SET sql = NULL WHERE name = @",
  "DELETE FROM sqlite_schema WHERE tbl_name = @",
  "ATTACH @ AS x",
  "ATTACH 'x' AS @",
  "DETACH @",
  "SAVEPOINT @",
  "RELEASE @",
  "ROLLBACK TO @",
  "VACUUM @",
};

constexpr const char* trigger_heads[] = {
  "CREATE TRIGGER g BEFORE INSERT ON @",
  "CREATE TRIGGER g AFTER UPDATE OF number ON @",
  "CREATE TRIGGER g BEFORE DELETE ON @",
  "CREATE TRIGGER temp.g BEFORE UPDATE ON @",
  "CREATE TEMP TRIGGER g BEFORE UPDATE ON @",
  "CREATE TRIGGER @ AFTER INSERT ON f",
  "CREATE TRIGGER @ AFTER INSERT ON t",
  "CREATE TRIGGER temp.@ BEFORE INSERT ON t",
  "CREATE TRIGGER temp.g BEFORE INSERT ON t WHEN 1 <> (SELECT 1 FROM @)",
};

constexpr const char* trigger_bodies[] = {
  "INSERT INTO @ DEFAULT VALUES",
  "INSERT OR IGNORE INTO @ SELECT * FROM @",
  "UPDATE @ SET number = 1",
  "UPDATE OR REPLACE @ SET number = 1",
  "DELETE FROM @",
  "INSERT INTO f(x) SELECT count(*) FROM @",
};

template <class Array>
void append(std::vector<std::string>& to, const Array& from) {
  to.insert(to.end(), std::begin(from), std::end(from));
}

void append_triggers(std::vector<std::string>& to) {
  for (auto head : trigger_heads)
    to.push_back(std::string{head} + " BEGIN SELECT RAISE(IGNORE); END");
  to.push_back("DROP TRIGGER @");
  for (std::string body : trigger_bodies) {
    to.push_back("CREATE TRIGGER g AFTER INSERT ON t BEGIN " + body + "; END");
    to.push_back("CREATE TRIGGER g INSTEAD OF UPDATE ON v BEGIN " + body
                 + "; END;;UPDATE v SET b = 1");
  }
  to.push_back("CREATE VIEW c AS SELECT * FROM @;;CREATE TRIGGER g INSTEAD OF "
               "DELETE ON c BEGIN DELETE FROM @; END;;DELETE FROM c");
}

} // namespace

std::vector<std::string> statement_kinds() {
  std::vector<std::string> result;
  append(result, contents);
  append(result, tables);
  append(result, others);
  append_triggers(result);
  return result;
}

std::vector<std::string> spellings(const std::string& name) {
  auto upper = name;
  std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c;
  });
  return {name,
          upper,
          "\"" + name + "\"",
          "[" + name + "]",
          "`" + upper + "`",
          "'" + name + "'",
          "main." + name,
          "\"MAIN\".[" + upper + "]",
          "temp." + name,
          "/**/" + name + "--\n"};
}

std::string with_name(const std::string& kind, const std::string& name) {
  std::string result;
  for (auto c : kind)
    c == '@' ? result += name : result += c;
  return result;
}

} // namespace onewriter::test
