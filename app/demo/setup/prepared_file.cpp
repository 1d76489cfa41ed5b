#include "app/demo/setup/prepared_file.hpp"

#include "actors/console/format.hpp"
#include "actors/support/wall_clock.hpp"
#include "app/core/run_failure.hpp"
#include "app/demo/core/node_schema.hpp"

namespace onewriter::node {

namespace {

constexpr const char* tables_sql
  = "SELECT count(*), coalesce(sum(name = 'file_block'), 0) "
    "FROM sqlite_schema "
    "WHERE type = 'table' AND name NOT LIKE 'onewriter^_%' ESCAPE '^' "
    "AND name NOT LIKE 'sqlite^_%' ESCAPE '^'";

// The demo does not write to a file with tables of another program.
void refuse_foreign_file(client& db, const std::string& path) {
  auto found = value_or_fail(db.query(tables_sql), path);
  auto [tables, ours] = found.rows.at(0).as<uint64_t, uint64_t>();
  if (tables > 0 && ours == 0)
    throw run_failure{exit_status::bad_arguments,
                      path
                        + " has tables that are not the demo's; choose another "
                          "file"};
}

int64_t number(client& db, const char* sql, const std::string& path) {
  auto found = value_or_fail(db.query(sql), path);
  return found.rows.at(0).get<int64_t>(0);
}

} // namespace

prepared_file prepare_file(client& db, const std::string& path,
                           const std::string& root) {
  refuse_foreign_file(db, path);
  value_or_fail(db.write(create_tables()), path);
  auto run = value_or_fail(
    db.write(insert_run_sql, printable(root), unix_ms_now()), path);
  prepared_file result;
  result.run = run.returned.at(0).rows.at(0).get<int64_t>(0);
  result.last_file = number(db, last_file_sql, path);
  result.versions = static_cast<uint64_t>(number(db, sum_versions_sql, path));
  return result;
}

} // namespace onewriter::node
