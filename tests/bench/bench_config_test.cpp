#include "bench/bench_config.hpp"
#include "bench/workloads.hpp"

#include "tests/catch.hpp"

#include <sstream>

using namespace onewriter;
using namespace onewriter::bench;

namespace {

/// What the benchmark makes of a command line.
struct asked_for {
  explicit asked_for(std::vector<std::string> arguments) {
    std::istringstream nothing;
    if (cfg.parse(std::move(arguments), nothing) != caf::none)
      FAIL("the command line was not understood");
  }

  bench_config cfg;
};

bool names_the_option(const std::string& problem, const std::string& option) {
  return problem.rfind(option + ':', 0) == 0;
}

} // namespace

TEST_CASE("the workloads have their own shape unless told otherwise") {
  asked_for nothing{{}};
  CHECK(nothing.cfg.problem().empty());
  CHECK(nothing.cfg.shape() == load_shape{});
}

TEST_CASE("sizes, rate and bytes are those of the workloads") {
  asked_for what{{"--sizes=3x1,4x16", "--rate=700", "--row-bytes=5000"}};
  REQUIRE(what.cfg.problem().empty());
  auto all = all_workloads(what.cfg.shape());
  auto& writes = all.front();
  REQUIRE(writes.variants.size() == 2);
  CHECK(writes.variants[0].name == "3 x 1");
  CHECK(writes.variants[1].what.clients == 4);
  CHECK(writes.variants[1].what.outstanding == 16);
  for (auto& load : all)
    for (auto& variant : load.variants) {
      INFO(variant.name);
      CHECK(variant.what.rows.payload_bytes == 5'000);
      CHECK(variant.what.arrivals_per_second
            == (load.name == "arrivals" ? 700 : 0));
    }
}

TEST_CASE("a size that cannot be measured is named") {
  for (std::string size : {"64", "64x", "x16", "64 16", "0x1", "1x0", "4097x1",
                           "1x1001", "4096x1000", "-1x1", "1x1y", "many"}) {
    INFO(size);
    auto problem = asked_for{{"--sizes=1x1," + size}}.cfg.problem();
    CHECK(names_the_option(problem, "--sizes"));
    CHECK(problem.find('"' + size + '"') != problem.npos);
  }
}

TEST_CASE("numbers out of range are named") {
  CHECK(names_the_option(asked_for{{"--rate=0"}}.cfg.problem(), "--rate"));
  CHECK(
    names_the_option(asked_for{{"--rate=10000001"}}.cfg.problem(), "--rate"));
  CHECK(names_the_option(asked_for{{"--row-bytes=0"}}.cfg.problem(),
                         "--row-bytes"));
  CHECK(names_the_option(asked_for{{"--row-bytes=1000001"}}.cfg.problem(),
                         "--row-bytes"));
}
