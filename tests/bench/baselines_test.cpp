#include "bench/baselines/contended.hpp"
#include "bench/baselines/event_loop.hpp"
#include "bench/baselines/mutex.hpp"
#include "bench/baselines/queue.hpp"
#include "bench/baselines/raw.hpp"
#include "bench/baselines/redis/redis.hpp"
#include "bench/baselines/split.hpp"

#include "tests/catch.hpp"
#include "tests/oracle/raw_database.hpp"
#include "tests/temp_folder.hpp"

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

using namespace onewriter;
using namespace std::chrono_literals;

namespace {

std::vector<bench::backend> all_baselines() {
  auto result = bench::redis_if_installed();
  result.insert(result.end(),
                {bench::raw(1), bench::raw(1000), bench::contended(),
                 bench::mutex(), bench::split(), bench::queue(),
                 bench::event_loop()});
  return result;
}

bench::task short_task() {
  bench::task result;
  result.clients = 4;
  result.outstanding = 3;
  result.rows.rows_per_write = 2;
  result.rows.indexes = 1;
  result.rows.returning = true;
  result.readers = 2;
  result.length = 100ms;
  return result;
}

bench::task task_with_arrivals() {
  auto result = short_task();
  result.arrivals_per_second = 1'000;
  return result;
}

options options_for(const test::temp_folder& folder,
                    enum synchronous durability) {
  options result;
  result.path = folder.file("baseline.db");
  result.synchronous = durability;
  return result;
}

// What happens to a file after its run, and what is said about it then.
std::string verdict_after(const char* sql) {
  auto folder = test::temp_folder{};
  auto opts = options_for(folder, synchronous::normal);
  auto what = short_task();
  auto records = bench::recorder{what};
  bench::raw(1).run(what, opts, records);
  REQUIRE(test::raw_database{opts.path}.outcome(sql) == "ok");
  try {
    records.verify(opts.path);
    return "as acknowledged";
  } catch (const std::runtime_error& ex) {
    return ex.what();
  }
}

} // namespace

TEST_CASE("the file of each baseline holds what was acknowledged") {
  auto durability = GENERATE(synchronous::full, synchronous::normal);
  for (auto& baseline : all_baselines()) {
    INFO(baseline.name << ", synchronous " << to_string(durability));
    auto folder = test::temp_folder{};
    auto opts = options_for(folder, durability);
    auto what = short_task();
    auto records = bench::recorder{what};
    REQUIRE(baseline.suits(what));
    baseline.run(what, opts, records);
    // The last connection that closes removes the log.
    CHECK_FALSE(std::filesystem::exists(opts.path + "-wal"));
    CHECK_NOTHROW(records.verify(opts.path));
    auto result = records.finish();
    CHECK(result.writes > 0);
    CHECK(result.rows == 2 * result.writes);
    CHECK(result.commits > 0);
    CHECK(result.commits <= result.writes);
    CHECK(result.refused == 0);
  }
}

TEST_CASE(
  "a tick of the event loop is one transaction of all that was issued") {
  auto folder = test::temp_folder{};
  auto what = short_task();
  auto records = bench::recorder{what};
  bench::event_loop().run(what, options_for(folder, synchronous::normal),
                          records);
  auto result = records.finish();
  auto issued = what.clients * what.outstanding;
  // Only the last tick may have had less.
  CHECK(result.commits == (result.writes + issued - 1) / issued);
}

TEST_CASE("baselines write at the rate at which writes arrive") {
  auto what = task_with_arrivals();
  for (auto& baseline : all_baselines()) {
    if (!baseline.suits(what))
      continue;
    INFO(baseline.name);
    auto folder = test::temp_folder{};
    auto opts = options_for(folder, synchronous::normal);
    auto records = bench::recorder{what};
    baseline.run(what, opts, records);
    CHECK_NOTHROW(records.verify(opts.path));
    auto writes = records.finish().writes;
    CHECK(writes > 0);
    // As many as are due, or fewer where the machine is too slow for that.
    CHECK(writes <= 100);
  }
}

TEST_CASE("baselines refuse tasks that they do not support") {
  auto with_load = short_task();
  with_load.beside = bench::background_load::flood;
  std::string with_arrivals;
  for (auto& baseline : all_baselines()) {
    INFO(baseline.name);
    CHECK_FALSE(baseline.suits(with_load));
    if (baseline.suits(task_with_arrivals()))
      with_arrivals += baseline.name + " ";
  }
  CHECK(with_arrivals == "contended queue event-loop ");
}

TEST_CASE("a baseline whose file cannot be created reports an error") {
  auto folder = test::temp_folder{};
  options opts;
  opts.path = folder.file("nowhere/baseline.db");
  auto what = short_task();
  for (auto& baseline : all_baselines()) {
    INFO(baseline.name);
    auto records = bench::recorder{what};
    CHECK_THROWS_AS(baseline.run(what, opts, records), std::runtime_error);
  }
}

TEST_CASE("a file that was not touched is as acknowledged") {
  CHECK(verdict_after("SELECT 1") == "as acknowledged");
}

TEST_CASE("a row that is missing is found out") {
  CHECK(verdict_after("DELETE FROM item WHERE client = 0 AND number = 1")
        == "row 1 of client 0 was acknowledged and is not in the file");
}

TEST_CASE("a row that no client asked for is found out") {
  CHECK(verdict_after("INSERT INTO item(client, number, payload) "
                      "VALUES(3, 7, '')")
        == "row 7 of client 3 is in the file and was not acknowledged");
}

TEST_CASE("a row that is there twice is found out") {
  CHECK(verdict_after("INSERT INTO item(client, number, payload) "
                      "SELECT client, number, payload FROM item "
                      "WHERE client = 0 AND number = 1")
        == "row 1 of client 0 is in the file twice");
}
