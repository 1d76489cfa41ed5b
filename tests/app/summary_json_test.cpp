#include "app/demo/summary/summary.hpp"

#include "tests/catch.hpp"

#include <chrono>
#include <vector>

#include <nlohmann/json.hpp>

using namespace onewriter;
using namespace onewriter::node;
using json = nlohmann::ordered_json;

namespace {

json parsed(const demo_result& what) {
  return json::parse(summary_json(what));
}

std::vector<std::string> keys_of(const json& object) {
  std::vector<std::string> result;
  for (auto& member : object.items())
    result.push_back(member.key());
  return result;
}

} // namespace

TEST_CASE("the JSON object has its members in order") {
  auto found = parsed({});
  CHECK(keys_of(found)
        == std::vector<std::string>{"ok", "run", "store", "index", "activities",
                                    "connect_p99", "writer", "best_effort",
                                    "errors", "checks", "queries_to_try"});
  CHECK(keys_of(found["run"])
        == std::vector<std::string>{"path", "database", "sqlite_version",
                                    "synchronous", "peers", "chaos_s",
                                    "stopped", "running_s", "checking_s",
                                    "peak_memory_bytes", "database_bytes"});
  CHECK(keys_of(found["activities"])
        == std::vector<std::string>{"connect", "peer update", "domain update",
                                    "look up", "search word", "list peers",
                                    "store blocks", "index text"});
}

TEST_CASE("what was not measured is null or left out") {
  auto found = parsed({});
  CHECK(found["connect_p99"]["ratio"].is_null());
  CHECK(found["connect_p99"]["goal_met"].is_null());
  CHECK(found["writer"]["requests_per_commit"].is_null());
  CHECK(found["activities"]["connect"]["latency"] == json{{"count", 0}});
  CHECK(found["errors"] == json::array());
  CHECK(found["checks"] == json::array());
}

TEST_CASE("what was measured is in the JSON object") {
  demo_result what;
  what.asked.peers = 8;
  what.asked.chaos = std::chrono::milliseconds{500};
  what.told.database.commits = 4;
  what.told.database.committed_requests = 10;
  what.told.database.best_effort.dropped_full = 2;
  what.told.database.best_effort.dropped_closed = 3;
  latency took;
  took.count = 200;
  took.p99 = std::chrono::microseconds{2'500};
  what.told.told.quiet_connect = took;
  took.p99 *= 5;
  what.told.told.busy_connect = took;
  what.checks = {{"one is one", true, "1"}, {"one is two", false, "1 wrong"}};
  auto found = parsed(what);
  CHECK(found["ok"] == false);
  CHECK(found["run"]["peers"] == 8);
  CHECK(found["run"]["chaos_s"] == 0.5);
  CHECK(found["connect_p99"]["indexing_off"]["p99_ms"] == 2.5);
  CHECK(found["connect_p99"]["ratio"] == 5.0);
  CHECK(found["connect_p99"]["goal_met"] == false);
  CHECK(found["writer"]["requests_per_commit"] == 2.5);
  CHECK(found["best_effort"]["dropped"] == 5);
  CHECK(
    found["checks"][1]
    == json{{"name", "one is two"}, {"holds", false}, {"detail", "1 wrong"}});
}

TEST_CASE("names that are no UTF-8 do not break the JSON object") {
  demo_result what;
  what.root = "/a \"b\"\n\xFF/\xC3\xBC";
  what.told.told.errors.push_back({activity::connect, ec::none, 1, "\xC3"});
  auto found = parsed(what);
  CHECK(found["run"]["path"] == "/a \"b\"\n\xEF\xBF\xBD/\xC3\xBC");
  CHECK(found["errors"][0]["example"] == "\xEF\xBF\xBD");
}
