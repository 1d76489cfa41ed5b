#include "bench/file/private_folder.hpp"
#include "bench/plan/plan.hpp"

#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

using namespace onewriter;
using namespace onewriter::bench;
using namespace std::chrono_literals;

namespace {

// Writes nothing, or fails; counts how often it was asked to.
backend named(const std::string& name, size_t& runs, bool fails = false) {
  auto run = [&runs, fails](const task&, const options&, recorder& records) {
    ++runs;
    records.start();
    if (fails)
      throw std::runtime_error{"no room"};
  };
  return {name, "for tests", [](const task&) { return true; }, run};
}

struct fixture {
  fixture() {
    asked.rounds = 2;
    what.length = 1ms;
  }

  results run(const std::vector<backend>& backends) {
    std::vector<planned> plan;
    for (auto& x : backends)
      plan.push_back({"some", x.name, synchronous::full, what});
    results found;
    run_plan({asked, opts, backends, folder.path(), interrupted}, plan, found);
    return found;
  }

  test::temp_folder folder;
  bench_options asked;
  options opts;
  task what;
  std::atomic<bool> interrupted{false};
  size_t good_runs = 0;
  size_t bad_runs = 0;
};

} // namespace

TEST_CASE_METHOD(fixture,
                 "a measurement that fails does not stop the other ones") {
  // There is no file that could be compared with what was acknowledged.
  std::vector<backend> both{named("bad", bad_runs, true),
                            named("good", good_runs)};
  auto found = run(both);
  CHECK(bad_runs == 2);
  CHECK(good_runs == 2);
  REQUIRE(found.failures.size() == 4);
  CHECK(found.failures.front() == "bad, some, synchronous=full: no room");
  CHECK(found.all.empty());
}

TEST_CASE_METHOD(fixture, "what was interrupted is not counted") {
  backend how{"how", "for tests", [](const task&) { return true; },
              [this](const task&, const options&, recorder& records) {
                ++good_runs;
                records.start();
                interrupted = true;
              }};
  auto found = run({how});
  CHECK(good_runs == 1);
  CHECK(found.all.empty());
  CHECK(found.failures.empty());
}

TEST_CASE("a folder of one's own is another one each time, and ends") {
  test::temp_folder parent;
  std::string path;
  {
    private_folder one{parent.path(), "bench"};
    private_folder other{parent.path(), "bench"};
    path = one.path();
    CHECK(path != other.path());
    CHECK(std::filesystem::path{path}.parent_path() == parent.path());
    std::ofstream{path + "/file"} << "text";
  }
  CHECK(std::filesystem::is_empty(parent.path()));
}

TEST_CASE("a folder that cannot be made is named") {
  try {
    private_folder{"/nowhere/at/all", "bench"};
    FAIL("it was made");
  } catch (const std::runtime_error& ex) {
    CHECK(std::string{ex.what()}.find("/nowhere/at/all") != std::string::npos);
  }
}
