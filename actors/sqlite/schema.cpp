#include "actors/sqlite/schema.hpp"

#include "actors/sqlite/base/errors.hpp"

#include <utility>

// onewriter's own tables in a database, beside its users' tables:
//
// onewriter_meta: versions of the parts of this schema, by "schema.<part>", and
//   the number of the last dead letter, "dead_letter.last_id".
// onewriter_batch: one row, the commit token of the last commit; both numbers
//   are stored as the signed integers of the same 64 bits.
// onewriter_idempotency: receipts by idempotency key, with the SHA-256 of the
//   request that they answer.
// onewriter_session: one row per session (see actors/core/session_position.hpp)
//   with all its receipts from the mark `settled` on, in the format of
//   actors/store/session_record.cpp. Receipts that would make it too large are
//   in onewriter_idempotency, under "onewriter-session-<name>-<number>". Rows
//   are numbered, so that a row that is rewritten with each commit stays in its
//   place, and many small ones share a page.
// onewriter_dead_letter: requests without a waiting caller that failed
//   permanently. Either `function` names the called function, its arguments are
//   the parameters at position 0, and there are no statements; or it is empty.

namespace onewriter::sqlite {

namespace {

constexpr auto create_meta = R"(
CREATE TABLE IF NOT EXISTS onewriter_meta(
  key TEXT NOT NULL PRIMARY KEY,
  value NOT NULL
) WITHOUT ROWID;
)";

// The columns `value` have no type, so that values keep theirs.
constexpr auto version_1 = R"(
CREATE TABLE onewriter_batch(
  id INTEGER PRIMARY KEY CHECK(id = 1),
  number INTEGER NOT NULL,
  nonce INTEGER NOT NULL
);
INSERT INTO onewriter_batch(id, number, nonce) VALUES(1, 0, 0);
CREATE TABLE onewriter_idempotency(
  key TEXT NOT NULL PRIMARY KEY,
  request BLOB NOT NULL,
  receipt BLOB NOT NULL,
  stored_unix_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX onewriter_idempotency_stored
  ON onewriter_idempotency(stored_unix_ms);
CREATE TABLE onewriter_dead_letter(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  function TEXT NOT NULL,
  priority INTEGER NOT NULL,
  idempotency_key TEXT NOT NULL,
  code TEXT NOT NULL,
  error TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  first_unix_ms INTEGER NOT NULL,
  last_unix_ms INTEGER NOT NULL
);
CREATE TABLE onewriter_dead_letter_statement(
  letter INTEGER NOT NULL,
  position INTEGER NOT NULL,
  sql TEXT NOT NULL,
  expected_changes INTEGER NOT NULL,
  PRIMARY KEY(letter, position)
) WITHOUT ROWID;
CREATE TABLE onewriter_dead_letter_parameter(
  letter INTEGER NOT NULL,
  position INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  name TEXT NOT NULL,
  value,
  PRIMARY KEY(letter, position, ordinal)
) WITHOUT ROWID;
)";

// The last number of a dead letter, so that none is used twice. It was in
// sqlite_sequence, which users may write to; implausible numbers are not taken
// over.
constexpr auto version_2 = R"(
INSERT INTO onewriter_meta(key, value) VALUES('dead_letter.last_id', max(
  (SELECT coalesce(max(id), 0) FROM onewriter_dead_letter),
  (SELECT coalesce(max(seq), 0) FROM sqlite_sequence
   WHERE name = 'onewriter_dead_letter' AND typeof(seq) = 'integer'
   AND seq < 1 << 53)));
)";

// The time is indexed, and hence stored once a minute at most.
constexpr auto version_3 = R"(
CREATE TABLE onewriter_session(
  id INTEGER PRIMARY KEY,
  name BLOB NOT NULL UNIQUE,
  settled INTEGER NOT NULL,
  receipts BLOB NOT NULL,
  used_unix_ms INTEGER NOT NULL
);
CREATE INDEX onewriter_session_used ON onewriter_session(used_unix_ms);
)";

caf::expected<size_t> load_version(connection& db, const std::string& key) {
  auto found
    = db.run_internal("SELECT value FROM onewriter_meta WHERE key = ?", key);
  if (!found)
    return found.error();
  if (found->rows.empty())
    return size_t{0};
  auto number = std::get_if<int64_t>(&found->rows[0].cells[0].data);
  if (number == nullptr || *number < 0)
    return make_failure(ec::corrupt, "the version of " + key + " is no number");
  return static_cast<size_t>(*number);
}

caf::error store_version(connection& db, const std::string& key,
                         size_t version) {
  auto result = db.run_internal("INSERT OR REPLACE INTO "
                                "onewriter_meta(key, value) VALUES(?, ?)",
                                key, static_cast<int64_t>(version));
  return result ? caf::error{} : result.error();
}

caf::error newer(const std::string& key, size_t version, size_t known) {
  return make_failure(ec::newer_schema,
                      "the file has version " + std::to_string(version) + " of "
                        + key + ", and this program supports up to "
                        + std::to_string(known)
                        + ": use the version of onewriter that wrote it, or a "
                          "later one");
}

caf::error migrate(connection& db, const schema_part& part) {
  auto key = "schema." + part.name;
  auto version = load_version(db, key);
  if (!version)
    return version.error();
  if (*version > part.scripts.size())
    return newer(key, *version, part.scripts.size());
  for (auto i = *version; i < part.scripts.size(); ++i) {
    auto err = db.execute_internal(part.scripts[i]);
    if (err == caf::none)
      err = store_version(db, key, i + 1);
    if (err != caf::none)
      return err;
  }
  return {};
}

caf::error migrate_all(connection& db, const std::vector<schema_part>& parts) {
  auto err = db.execute_internal(create_meta);
  if (err == caf::none)
    err = migrate(db, {"onewriter", {version_1, version_2, version_3}});
  for (auto& part : parts)
    if (err == caf::none)
      err = migrate(db, part);
  return err;
}

caf::error no_mark() {
  return make_failure(ec::corrupt,
                      "the table onewriter_batch has lost its row: was it "
                      "changed by another program?");
}

} // namespace

caf::error prepare_schema(connection& db,
                          const std::vector<schema_part>& parts) {
  auto err = db.begin_immediate();
  if (err != caf::none)
    return err;
  err = migrate_all(db, parts);
  if (err == caf::none)
    err = db.commit();
  db.rollback();
  return err;
}

caf::expected<commit_token> load_commit_token(connection& db) {
  auto found
    = db.run_internal("SELECT number, nonce FROM onewriter_batch WHERE id = 1");
  if (!found)
    return found.error();
  if (found->rows.empty())
    return no_mark();
  auto [number, nonce] = found->rows[0].as<int64_t, int64_t>();
  return commit_token{static_cast<uint64_t>(number),
                      static_cast<uint64_t>(nonce)};
}

caf::error store_commit_token(connection& db, commit_token mark) {
  auto result = db.run_internal(
    "UPDATE onewriter_batch SET number = ?, nonce = ? WHERE id = 1",
    static_cast<int64_t>(mark.number), static_cast<int64_t>(mark.nonce));
  if (!result)
    return result.error();
  return db.changes() == 1 ? caf::error{} : no_mark();
}

} // namespace onewriter::sqlite
