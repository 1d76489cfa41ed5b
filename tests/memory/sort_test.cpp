// How much memory SQLite takes to sort and to undo.
#include "tests/database/client_fixture.hpp"
#include "tests/memory/peak_memory.hpp"
#include "tests/vfs/refusing_disk.hpp"

#include <sqlite3.h>

#include <string>

using namespace onewriter;
using namespace onewriter::test;

namespace {

bool writes_temporary_file(const io_call& x) {
  return x.what == io::write && x.path.empty();
}

// 200 MB to sort.
const auto sorted
  = std::string{"SELECT COUNT(*) FROM (SELECT x FROM (WITH RECURSIVE c(n) AS "
                "(VALUES(1) UNION ALL SELECT n + 1 FROM c WHERE n < 200000) "
                "SELECT hex(randomblob(500)) AS x FROM c) GROUP BY x)"};

} // namespace

TEST_CASE_METHOD(client_fixture, "a query that sorts takes no more memory than "
                                 "a page cache") {
  open();
  peak_memory peak;
  CHECK(rows(sorted) == "200000");
  CHECK(peak.growth_mb() < 100);
  close();
}

TEST_CASE_METHOD(client_fixture, "a write that sorts takes no more memory than "
                                 "a page cache") {
  open();
  must("CREATE TABLE t(a)");
  peak_memory peak;
  must("INSERT INTO t " + sorted);
  CHECK(peak.growth_mb() < 100);
  CHECK(rows("SELECT a FROM t") == "200000");
  close();
}

TEST_CASE_METHOD(client_fixture, "sorts that find no room for their files fail "
                                 "alone") {
  refusing_disk disk{SQLITE_FULL, writes_temporary_file};
  opts.vfs = disk.name();
  open();
  must("CREATE TABLE t(a)");
  disk.is_refusing = true;
  CHECK(outcome_of(db->query(sorted)) == "disk_full");
  CHECK(outcome_of(db->write("INSERT INTO t " + sorted)) == "disk_full");
  must("INSERT INTO t VALUES(1)");
  CHECK(rows("SELECT a FROM t") == "1");
  disk.is_refusing = false;
  CHECK(rows(sorted) == "200000");
  close();
}
