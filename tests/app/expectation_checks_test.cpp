#include "app/demo/checks/expectation_checks.hpp"

#include "tests/catch.hpp"

using namespace onewriter;
using namespace onewriter::node;

namespace {

expected_state fine() {
  expected_state result;
  result.records = {peer_record{}, peer_record{}};
  result.records[0].peer_updates = 2;
  result.records[1].peer_updates = 3;
  auto& messages = result.database.best_effort;
  messages.submitted = 5;
  messages.written = 2;
  messages.coalesced = 2;
  messages.dropped_full = 1;
  result.database.writes.submitted = 4;
  result.database.writes.acknowledged = 4;
  result.closing.drained = true;
  result.closing.log_removed = true;
  return result;
}

// The names of the checks that fail, one on each line.
std::string failures(const expected_state& what) {
  std::string result;
  for (auto& x : expectation_checks(what))
    if (!x.holds)
      result += x.name + '\n';
  return result;
}

error_score error_of(activity what, ec code) {
  error_score result;
  result.what = what;
  result.code = code;
  result.count = 1;
  return result;
}

} // namespace

TEST_CASE("a run without errors passes") {
  CHECK(failures(fine()).empty());
}

TEST_CASE("a busy error is one too many, for any caller") {
  auto what = fine();
  what.told.errors = {error_of(activity::search, ec::busy)};
  CHECK(failures(what) == "no caller saw a busy error\n");
  what.told.errors = {error_of(activity::connect, ec::busy)};
  CHECK(failures(what) == "no caller saw a busy error\nno write failed\n");
}

TEST_CASE("a write may be refused, but not fail") {
  auto what = fine();
  what.told.errors = {error_of(activity::connect, ec::overloaded),
                      error_of(activity::search, ec::deadline_exceeded)};
  CHECK(failures(what).empty());
  what.told.errors.push_back(error_of(activity::connect, ec::unavailable));
  CHECK(failures(what) == "no write failed\n");
}

TEST_CASE("what was not found is noticed") {
  auto what = fine();
  what.records[1].overlooked = 1;
  CHECK(failures(what) == "reads after a receipt find its row\n");
  what = fine();
  what.searchers.emplace_back();
  what.searchers.back().in_vain = 1;
  CHECK(failures(what) == "searches find words of indexed texts\n");
}

TEST_CASE("counters have to add up") {
  auto what = fine();
  what.database.best_effort.written = 3;
  CHECK(failures(what) == "best-effort counters add up\n");
  what = fine();
  what.records[0].peer_updates = 1;
  CHECK(failures(what) == "best-effort counters add up\n");
  what = fine();
  what.database.best_effort.written = 1;
  what.database.best_effort.pending = 1;
  CHECK(failures(what) == "best-effort counters add up\n");
  what = fine();
  what.database.writes.unknown = 1;
  CHECK(failures(what) == "write counters add up\n");
}

TEST_CASE("a database that gave up, or did not close in order, is noticed") {
  auto what = fine();
  what.failure = "the disk broke";
  what.closing = close_receipt{};
  CHECK(failures(what)
        == "the database kept working\nthe file was closed in order\n");
}
