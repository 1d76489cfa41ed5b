#include "actors/database/statistics/slow_requests.hpp"

#include "tests/database/client_fixture.hpp"

#include <string>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

TEST_CASE("the slowest requests are kept, the slowest first") {
  slow_requests all;
  CHECK(all.slowest().empty());
  // 7 is no divisor of 20: each duration comes once, in no order.
  for (auto i = 0; i < 20; ++i)
    all.note(
      {std::chrono::milliseconds{i * 7 % 20}, std::to_string(i), "urgent"}, i);
  auto& found = all.slowest();
  REQUIRE(found.size() == slow_requests::max_kept);
  for (size_t i = 0; i < found.size(); ++i) {
    auto ms = 19 - static_cast<int64_t>(i);
    CHECK(found[i].duration == std::chrono::milliseconds{ms});
    CHECK(found[i].unix_ms * 7 % 20 == ms);
    CHECK(found[i].sql == std::to_string(found[i].unix_ms));
    CHECK(found[i].lane == "urgent");
  }
}

TEST_CASE("the SQL of a slow request is cut between characters") {
  slow_requests all;
  all.note({1s, std::string(199, 'x') + "\xC3\xA4", "query"}, 0);
  all.note({2s, std::string(198, 'x') + "\xC3\xA4y", "query"}, 0);
  CHECK(all.slowest()[1].sql == std::string(199, 'x'));
  CHECK(all.slowest()[0].sql == std::string(198, 'x') + "\xC3\xA4");
}

TEST_CASE_METHOD(client_fixture, "statistics have slow writes and queries") {
  opts.slow_statement = 1ns;
  open();
  REQUIRE(db->write("CREATE TABLE t(a)"));
  REQUIRE(db->query("SELECT ?", "secret"));
  auto has_both = [this] {
    std::string lanes;
    for (auto& x : stats().slowest)
      lanes += x.lane + ":" + x.sql + ' ';
    return lanes.find("normal:CREATE TABLE t(a) ") != lanes.npos
           && lanes.find("query:SELECT ? ") != lanes.npos;
  };
  CHECK(eventually(has_both));
}
