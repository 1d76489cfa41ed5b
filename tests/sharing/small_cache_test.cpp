// An owner with almost no memory for pages, which all have to go to the log
// before their commit.
#include "tests/catch.hpp"
#include "tests/oracle/raw_database.hpp"
#include "tests/sharing/peer.hpp"
#include "tests/temp_folder.hpp"

#include <string>

using namespace onewriter;
using namespace onewriter::test;

namespace {

constexpr char insert_many[]
  = "WITH RECURSIVE n(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM n "
    "WHERE x < 5000) INSERT INTO t SELECT ?, x, randomblob(100) FROM n";

std::string code_of_reply(const caf::expected<write_receipt>& x) {
  return to_string(x ? ec::none : code_of(x.error()));
}

} // namespace

TEST_CASE("processes write and read more than the owner's page cache holds") {
  temp_folder folder;
  options opts;
  opts.path = folder.file("test.db");
  opts.log = nullptr;
  opts.cache_bytes = 4'096;
  peer owner{opts};
  REQUIRE(owner.write("CREATE TABLE t(w, x UNIQUE, b)") == "ok");
  member me{opts};
  REQUIRE(me.problem() == "none");
  auto& db = me.db();
  REQUIRE(code_of_reply(db.write(insert_many, 1)) == "none");
  // Fails at its end: all that was spilled is undone, and what others write
  // beside it is kept.
  onewriter::write failing;
  failing.statements.emplace_back("UPDATE t SET b = randomblob(200)");
  failing.statements.emplace_back("INSERT INTO t VALUES(2, 1, NULL)");
  for (auto i = 0; i < 5; ++i) {
    CHECK(code_of_reply(db.write(failing)) == "constraint_violated");
    CHECK(owner.write("INSERT INTO t VALUES(3, NULL, x'00')") == "ok");
  }
  auto sorted
    = db.query("SELECT count(*), sum(length(b)) FROM (SELECT b FROM t "
               "ORDER BY hex(b))");
  REQUIRE(sorted);
  CHECK(to_string(*sorted) == "5005|500005\n");
  auto report = db.check_integrity();
  REQUIRE(report);
  CHECK(report->ok());
  owner.kill();
  // This process has to read all of it from the log.
  CHECK(code_of_reply(db.write("INSERT INTO t VALUES(4, NULL, NULL)"))
        == "none");
  me.close();
  raw_database file{opts.path};
  CHECK(file.text("SELECT count(*) || ' ' || sum(length(b)) FROM t")
        == "5006 500005");
}
