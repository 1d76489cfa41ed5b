#include "app/demo/core/node_schema.hpp"

namespace onewriter::node {

namespace {

constexpr const char* tables[] = {
  R"(CREATE TABLE IF NOT EXISTS run(
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL,
  started_ms INTEGER NOT NULL))",

  // Named by their SHA-256 checksums, in hexadecimal.
  R"(CREATE TABLE IF NOT EXISTS block(
  hash TEXT NOT NULL PRIMARY KEY,
  size INTEGER NOT NULL,
  data BLOB NOT NULL))",

  // Without a hash: not all of it is stored. `passages`: rows of the full-text
  // index.
  R"(CREATE TABLE IF NOT EXISTS file(
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run(id),
  path TEXT NOT NULL,
  size INTEGER NOT NULL DEFAULT 0,
  hash TEXT,
  is_text INTEGER NOT NULL DEFAULT 0,
  passages INTEGER))",

  R"(CREATE TABLE IF NOT EXISTS file_block(
  file INTEGER NOT NULL REFERENCES file(id),
  position INTEGER NOT NULL,
  hash TEXT NOT NULL REFERENCES block(hash),
  PRIMARY KEY(file, position)) WITHOUT ROWID)",

  R"(CREATE TABLE IF NOT EXISTS peer(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  connects INTEGER NOT NULL,
  load REAL NOT NULL DEFAULT 0,
  update_run INTEGER NOT NULL DEFAULT 0,
  update_number INTEGER NOT NULL DEFAULT 0))",

  // Not unique on purpose: a connect that was carried out twice shall show.
  R"(CREATE TABLE IF NOT EXISTS session(
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run(id),
  peer INTEGER NOT NULL REFERENCES peer(id),
  number INTEGER NOT NULL,
  started_ms INTEGER NOT NULL))",

  R"(CREATE TABLE IF NOT EXISTS domain(
  name TEXT NOT NULL PRIMARY KEY,
  peer INTEGER NOT NULL REFERENCES peer(id),
  version INTEGER NOT NULL) WITHOUT ROWID)",
};

} // namespace

write create_tables() {
  write result;
  for (auto sql : tables)
    result.then(sql);
  return result;
}

} // namespace onewriter::node
