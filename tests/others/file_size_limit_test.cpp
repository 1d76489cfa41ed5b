// A process that may not make its files as large as it wants to.
#include "onewriter/client.hpp"
#include "onewriter/config.hpp"
#include "onewriter/failure.hpp"
#include "tests/catch.hpp"
#include "tests/sqlite/child_process.hpp"
#include "tests/temp_folder.hpp"

#include <algorithm>
#include <csignal>

#include <sys/resource.h>

using namespace onewriter;
using namespace onewriter::test;

namespace {

void limit_file_size(rlim_t bytes) {
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = std::min(bytes, limit.rlim_max);
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

std::string outcome_of(const caf::expected<write_receipt>& x) {
  return x ? "ok" : to_string(code_of(x.error()));
}

/// What becomes of a write that is too large for the limit, of a small one
/// then, and of one when the limit is raised, and how often the writer has
/// failed.
std::string live_with_a_limit(const std::string& path) {
  std::signal(SIGXFSZ, SIG_IGN);
  config cfg;
  cfg.database.path = path;
  cfg.database.log = nullptr;
  caf::actor_system sys{cfg};
  auto db = scoped_database::open(sys, cfg.database);
  if (!db)
    return describe(db.error());
  auto result = outcome_of((*db)->write("CREATE TABLE t(a)"));
  constexpr rlim_t limit = 1 << 20;
  limit_file_size(limit);
  result += " "
            + outcome_of((*db)->write("INSERT INTO t "
                                      "VALUES(randomblob(4000000))"));
  auto now = (*db)->statistics();
  if (!now)
    return describe(now.error());
  limit_file_size(RLIM_INFINITY);
  result += " " + outcome_of((*db)->write("INSERT INTO t VALUES(1)"));
  return result + (now->writer_restarts <= 2 ? " soon" : " late");
}

} // namespace

TEST_CASE("a limit on the size of files is reported at once, and passes") {
  temp_folder folder;
  CHECK(in_child([&] { return live_with_a_limit(folder.file("test.db")); })
        == "ok file_size_limit ok soon");
}
