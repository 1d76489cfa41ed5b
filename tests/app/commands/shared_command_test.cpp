// Commands on a file that another process has open and shares.
#include "tests/app/commands/command_fixture.hpp"
#include "tests/sharing/peer.hpp"

namespace onewriter::test {

TEST_CASE_METHOD(command_fixture,
                 "commands join the process that owns a file") {
  options opts;
  opts.path = file;
  peer owner{opts};
  REQUIRE(owner.problem() == "none");
  REQUIRE(owner.write("CREATE TABLE t(a)") == "ok");
  exec("INSERT INTO t VALUES(1)");
  CHECK(rows("SELECT a FROM t") == "1\n");
  CHECK(run({"check", file}).status == 0);
  CHECK(run({"status", file}).status == 0);
  CHECK(run({"checkpoint", file, "--truncate"}).status == 0);
  auto copy = folder.file("copy.db");
  CHECK(run({"backup", file, copy}).status == 0);
  CHECK(exists(copy));
  // The owner has noticed nothing.
  CHECK(owner.write("INSERT INTO t VALUES(2)") == "ok");
  CHECK(owner.leave() == "left");
  CHECK(rows("SELECT a FROM t ORDER BY a") == "1\n2\n");
}

} // namespace onewriter::test
