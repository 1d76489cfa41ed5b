#include "app/serve/database_table.hpp"

#include "app/serve/database_supervisor.hpp"
#include "onewriter/failure.hpp"
#include "tests/catch.hpp"

#include <string>
#include <vector>

using namespace onewriter;
using namespace onewriter::node;

TEST_CASE("the status of a service names the databases that are not open") {
  database_table table;
  for (auto name : {"a.db", "b.db", "c.db", "d.db"})
    table.add(name);
  CHECK(table.status()
        == "serving 0 of 4 databases; opening: a.db, b.db, c.db, d.db");
  CHECK(table.all_are(database_table::state::opening));
  table.opened("a.db", {}, {});
  table.down("b.db", make_failure(ec::disk_full, "full"));
  table.lost("c.db", make_failure(ec::corrupt, "damaged"));
  table.lost("d.db", make_failure(ec::newer_schema, "new"));
  CHECK(table.status()
        == "serving 1 of 4 databases; down: b.db (disk_full); lost: c.db "
           "(corrupt), d.db (newer_schema)");
  CHECK(table.forgive() == std::vector<std::string>{"c.db", "d.db"});
  for (auto name : {"b.db", "c.db", "d.db"})
    table.opened(name, {}, {});
  CHECK(table.all_are(database_table::state::open));
  CHECK(table.status() == "serving 4 databases");
  CHECK(table.forgive().empty());
}

TEST_CASE("errors that stay until a person acts are told apart") {
  for (auto code : {ec::corrupt, ec::not_a_database, ec::newer_schema,
                    ec::missing_feature, ec::network_file_system})
    CHECK_FALSE(mends_itself(code));
  for (auto code : {ec::disk_full, ec::io_error, ec::busy, ec::out_of_memory,
                    ec::file_replaced, ec::cannot_open, ec::restart_limit})
    CHECK(mends_itself(code));
}
