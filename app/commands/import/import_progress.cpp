#include "app/commands/import/import_progress.hpp"

namespace onewriter::node {

namespace {

constexpr const char* create_table = R"(CREATE TABLE IF NOT EXISTS
import_progress(
  target TEXT NOT NULL,
  source TEXT NOT NULL,
  next_byte INTEGER NOT NULL,
  next_line INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  imported INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  rejects_file TEXT NOT NULL,
  rejects_bytes INTEGER NOT NULL,
  updated TEXT NOT NULL,
  PRIMARY KEY(target, source)) WITHOUT ROWID)";

int64_t as_integer(uint64_t x) {
  return static_cast<int64_t>(x);
}

} // namespace

caf::expected<std::optional<import_progress>>
find_progress(client& db, const import_key& key) {
  using result = std::optional<import_progress>;
  auto table
    = db.query("SELECT 1 FROM sqlite_schema WHERE name = 'import_progress'");
  if (!table)
    return table.error();
  if (table->rows.empty())
    return result{};
  auto found
    = db.query("SELECT next_byte, next_line, sha256, imported, rejected, "
               "rejects_file, rejects_bytes FROM import_progress WHERE target "
               "= ? AND source = ?",
               key.table, key.source);
  if (!found)
    return found.error();
  if (found->rows.empty())
    return result{};
  return result{found->rows.front()
                  .into<import_progress, uint64_t, uint64_t, std::string,
                        uint64_t, uint64_t, std::string, uint64_t>()};
}

std::vector<statement> beginning_of(const import_key& key,
                                    const std::string& rejects_file,
                                    std::optional<uint64_t> before) {
  if (before) {
    import_progress none;
    none.rejects_file = rejects_file;
    return {step_of(key, *before, none)};
  }
  return {
    statement{create_table},
    statement{"INSERT OR IGNORE INTO import_progress VALUES(?, ?, 0, 1, '', 0, "
              "0, ?, 0, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))",
              key.table, key.source, rejects_file}
      .expect(1),
  };
}

statement step_of(const import_key& key, uint64_t before,
                  const import_progress& now) {
  return statement{
    "UPDATE import_progress SET next_byte = ?, next_line = ?, sha256 = ?, "
    "imported = ?, rejected = ?, rejects_file = ?, rejects_bytes = ?, updated "
    "= strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE target = ? AND source = ? "
    "AND next_byte = ?",
    as_integer(now.offset),
    as_integer(now.line),
    now.digest,
    as_integer(now.rows),
    as_integer(now.rejected),
    now.rejects_file,
    as_integer(now.rejects_bytes),
    key.table,
    key.source,
    as_integer(before)}
    .expect(1);
}

} // namespace onewriter::node
