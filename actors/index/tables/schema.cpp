#include "actors/index/tables/schema.hpp"

namespace onewriter {

namespace {

// Passages: from `first_passage` up to but excluding `end_passage`.
constexpr const char* version_1 = R"(
CREATE TABLE onewriter_index(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  next_passage INTEGER NOT NULL);
CREATE TABLE onewriter_document(
  id INTEGER PRIMARY KEY,
  index_id INTEGER NOT NULL,
  key TEXT NOT NULL,
  hash BLOB NOT NULL,
  bytes INTEGER NOT NULL,
  first_passage INTEGER NOT NULL,
  end_passage INTEGER NOT NULL,
  UNIQUE(index_id, key),
  UNIQUE(index_id, first_passage));
CREATE TABLE onewriter_index_job(
  index_id INTEGER NOT NULL,
  key TEXT NOT NULL,
  path TEXT NOT NULL,
  hash BLOB NOT NULL,
  bytes INTEGER NOT NULL,
  first_passage INTEGER NOT NULL,
  end_passage INTEGER NOT NULL,
  next_passage INTEGER NOT NULL,
  next_offset INTEGER NOT NULL,
  PRIMARY KEY(index_id, key)) WITHOUT ROWID;
CREATE TABLE onewriter_index_garbage(
  index_id INTEGER NOT NULL,
  first_passage INTEGER NOT NULL,
  end_passage INTEGER NOT NULL,
  PRIMARY KEY(index_id, first_passage)) WITHOUT ROWID;
)";

} // namespace

const sqlite::schema_part& index_schema() {
  static const sqlite::schema_part result{"index", {version_1}};
  return result;
}

} // namespace onewriter
