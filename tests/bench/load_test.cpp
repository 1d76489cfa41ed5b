#include "bench/file/prefilled_file.hpp"
#include "bench/file/schema.hpp"
#include "bench/load/background_load.hpp"
#include "bench/load/load_generator.hpp"
#include "bench/measure/measure.hpp"
#include "bench/onewriter/bench_config.hpp"
#include "bench/onewriter/onewriter_backends.hpp"
#include "bench/workload/workloads.hpp"
#include "onewriter/compat/messaging.hpp"

#include "tests/catch.hpp"
#include "tests/database/client_fixture.hpp"

#include <filesystem>
#include <stdexcept>

using namespace onewriter;
using namespace onewriter::bench;
using namespace std::chrono_literals;

namespace {

/// A system that knows the messages of loads, a database that has the schema of
/// a task, and a recorder of its run.
class load_fixture {
public:
  test::temp_folder folder;
  bench_config cfg;
  caf::actor_system sys{cfg};
  options opts;
  task what;

  load_fixture() {
    opts.path = folder.file("load.db");
    opts.log = nullptr;
    what.length = 100ms;
    what.clients = 4;
  }

  ~load_fixture() {
    // Waiting clients get their replies.
    db_.reset();
  }

  client& db() {
    return **db_;
  }

  const database_actor& handle() const {
    return db_->handle();
  }

  recorder& records() {
    return *records_;
  }

  void open() {
    auto opened = scoped_database::open(sys, opts);
    if (!opened)
      FAIL(describe(opened.error()));
    db_ = std::make_unique<scoped_database>(std::move(*opened));
    auto statements = schema_sql(what.rows);
    auto more = background_schema_sql(what.beside);
    statements.insert(statements.end(), more.begin(), more.end());
    for (auto& sql : statements)
      REQUIRE(db().write(sql));
    records_ = std::make_shared<recorder>(what);
  }

  /// Starts the load; its end is waited for with `finish`.
  void start() {
    generator_ = spawn_load_generator(sys, {handle(), what, records_, {}});
    compat::send(self_, generator_, run_load{});
    self_->monitor(generator_);
  }

  /// Returns what was measured, after comparing it with the file.
  measurement finish() {
    self_->receive([](const caf::down_msg&) {});
    db_.reset();
    records_->verify(opts.path);
    return records_->finish();
  }

  statistics stats() {
    auto result = db().statistics();
    REQUIRE(result);
    return *result;
  }

private:
  std::unique_ptr<scoped_database> db_;
  std::shared_ptr<recorder> records_;
  load_generator_actor generator_;
  caf::scoped_actor self_{sys};
};

measurement measured(const std::string& how, const task& what) {
  test::temp_folder folder;
  return measure(find_backend(onewriter_backends(), how), what, {},
                 folder.path(), {});
}

} // namespace

// A busy machine may need longer until every client was answered.
TEST_CASE("clients of a closed loop send again when they are answered") {
  measurement found;
  for (auto length = 100ms; length < 30s; length *= 2) {
    load_fixture fix;
    fix.what.length = length;
    fix.what.outstanding = 3;
    fix.what.rows.rows_per_write = 2;
    fix.what.readers = 2;
    fix.open();
    fix.start();
    found = fix.finish();
    if (found.writes > 12 && found.reads > 0)
      break;
  }
  CHECK(found.writes > 12);
  CHECK(found.rows == 2 * found.writes);
  CHECK(found.reads > 0);
  CHECK(found.refused == 0);
  CHECK(found.write_latency->count() == found.writes);
}

//  test     hold | .......... 50 ms .......... | release
//  client         due, sent (pending)  due, sent ...  all answered
TEST_CASE("clients of an open loop wait from when a write was due") {
  load_fixture fix;
  fix.what.arrivals_per_second = 400;
  fix.open();
  test::held_writer hold{fix.sys, fix.handle()};
  fix.start();
  // Beside what holds it: what is pending now is due already.
  REQUIRE(test::client_fixture::eventually(
    [&] { return fix.stats().writes.pending > 1; }));
  constexpr auto held = 50ms;
  std::this_thread::sleep_for(held);
  CHECK(hold.release() == "ok");
  auto found = fix.finish();
  // A writer that stands still keeps no client from sending.
  CHECK(found.writes == 40);
  CHECK(found.write_latency->max() >= held);
  CHECK(found.write_latency->quantile(0.99) >= held * 98 / 100);
}

TEST_CASE("each workload leaves what was acknowledged in the file") {
  std::string alone;
  for (auto& how : onewriter_backends())
    for (auto& load : all_workloads())
      for (auto variant : load.variants) {
        INFO(how.name << ", " << variant.name);
        variant.what.length = 50ms;
        variant.what.document_bytes = 100'000;
        if (!how.suits(variant.what)) {
          alone += how.name + ' ' + load.name + '\n';
          continue;
        }
        auto found = measured(how.name, variant.what);
        CHECK(found.writes > 0);
        CHECK(found.commits > 0);
      }
  // Background load is made by actors, beside other actors.
  CHECK(alone
        == "onewriter-threads flood\nonewriter-threads greedy\n"
           "onewriter-threads document\nonewriter-threads mix\n"
           "onewriter-threads restarts\nnode-threads flood\n"
           "node-threads greedy\nnode-threads document\nnode-threads mix\n"
           "node-threads restarts\n");
}

TEST_CASE("threads with a client read and write what belongs together") {
  task what;
  what.clients = 4;
  what.readers = 2;
  what.rows.rows_per_write = 2;
  what.rows.returning = true;
  measurement found;
  // A busy machine may need longer until every thread was answered.
  for (what.length = 100ms; what.length < 30s; what.length *= 2) {
    found = measured("onewriter-threads", what);
    if (found.writes > 4 && found.reads > 0)
      break;
  }
  CHECK(found.writes > 4);
  CHECK(found.rows == 2 * found.writes);
  CHECK(found.reads > 0);
}

TEST_CASE("an option of the database that is wrong ends a measurement") {
  auto how = onewriter_backends({"--onewriter.readers=many"}).front();
  test::temp_folder folder;
  CHECK_THROWS_AS(measure(how, {}, {}, folder.path(), {}),
                  std::invalid_argument);
}

TEST_CASE("a flood is more than can be written") {
  load_fixture fix;
  fix.what.beside = background_load::flood;
  fix.opts.queue.best_effort_items = 10;
  fix.open();
  test::held_writer hold{fix.sys, fix.handle()};
  fix.start();
  CHECK(test::client_fixture::eventually(
    [&] { return fix.stats().best_effort.dropped_full > 0; }));
  CHECK(hold.release() == "ok");
  CHECK(fix.finish().writes > 0);
}

TEST_CASE("nothing is lost or refused while the writer fails again and again") {
  load_fixture fix;
  fix.what.beside = background_load::restarts;
  fix.what.length = 500ms;
  fix.opts.allow_failure_injection = true;
  fix.opts.restarts.max_restarts = 1'000;
  fix.opts.restarts.initial_delay = fix.opts.restarts.max_delay = 1ms;
  fix.open();
  fix.start();
  CHECK(test::client_fixture::eventually(
    [&] { return fix.stats().writer_restarts > 0; }));
  auto found = fix.finish();
  CHECK(found.writes > 0);
  CHECK(found.refused == 0);
}

TEST_CASE("a run can be ended before its time") {
  test::temp_folder folder;
  task what;
  what.length = 1h;
  auto found = measure(onewriter_backends().front(), what, {}, folder.path(),
                       [](recorder& records) { records.stop(); });
  CHECK(found.writes > 0);
  CHECK(found.length < 1h);
}

// -- rows that are there before -----------------------------------------------------

TEST_CASE("rows that were there before do not count") {
  for (size_t indexes : {0, 1}) {
    task what;
    what.length = 100ms;
    what.rows.indexes = indexes;
    what.rows_before = 12'345;
    auto found = measured("onewriter", what);
    CHECK(found.writes > 0);
    CHECK(found.rows == found.writes);
  }
}

TEST_CASE(
  "a file that is filled before has about the size that was asked for") {
  test::temp_folder folder;
  constexpr uint64_t bytes = 5'000'000;
  for (size_t indexes : {0, 1}) {
    task what;
    what.rows.indexes = indexes;
    what.rows_before = rows_in(bytes, what.rows);
    auto path = folder.file("copy-" + std::to_string(indexes));
    copy_prefilled(folder.path(), what, path);
    auto size = std::filesystem::file_size(path);
    CHECK(size > bytes * 95 / 100);
    CHECK(size < bytes * 105 / 100);
  }
}

TEST_CASE("a row that was there before and is missing is found out") {
  test::temp_folder folder;
  task what;
  what.rows_before = 100;
  auto path = folder.file("copy");
  copy_prefilled(folder.path(), what, path);
  CHECK_NOTHROW(recorder{what}.verify(path));
  what.rows_before = 101;
  try {
    recorder{what}.verify(path);
    FAIL("nothing was found out");
  } catch (const std::runtime_error& ex) {
    CHECK(ex.what()
          == std::string{
            "of 101 rows that existed before the run, the file has 100"});
  }
}
