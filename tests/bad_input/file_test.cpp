// Files that cannot be opened, and files that were closed.
#include "tests/bad_input/bad_input_fixture.hpp"
#include "tests/immutable.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

namespace fs = std::filesystem;

TEST_CASE_METHOD(bad_input_fixture,
                 "a file that is no database is left alone") {
  auto content = std::string(5'000, 'x');
  std::ofstream{opts.path} << content;
  auto err = try_open();
  CHECK(outcome_of(err) == "not_a_database");
  CHECK(advice_of(code_of(err)) == advice::give_up);
  std::ifstream file{opts.path};
  CHECK(std::string(std::istreambuf_iterator<char>{file}, {}) == content);
  CHECK_FALSE(fs::exists(opts.path + "-wal"));
  fs::remove(opts.path);
  start();
  check_unharmed();
}

TEST_CASE_METHOD(bad_input_fixture,
                 "callers of a database that cannot be opened get the "
                 "reason") {
  std::ofstream{opts.path} << std::string(5'000, 'x');
  client failed{sys, own(spawn_database(sys, opts))};
  CHECK(outcome_of(failed.write("SELECT 1")) == "not_a_database");
  CHECK(outcome_of(failed.query("SELECT 1")) == "not_a_database");
  CHECK(outcome_of(failed.describe()) == "not_a_database");
  auto numbers = failed.statistics();
  REQUIRE(numbers);
  CHECK(numbers->state == "failed");
  CHECK(outcome_of(failed.close()) == "not_a_database");
}

TEST_CASE_METHOD(bad_input_fixture,
                 "a read-only file is refused until it is writable") {
  start();
  must("INSERT INTO t(a, b) VALUES(1, 'old')");
  close();
  immutable file{opts.path};
  if (!file.works())
    return say_not_tested();
  CHECK(outcome_of(try_open()) == "read_only");
  CHECK(outcome_of(try_open()) == "read_only");
  file.mend();
  open();
  CHECK(rows("SELECT a, b FROM t") == "1|'old'");
  check_unharmed();
}

TEST_CASE_METHOD(bad_input_fixture, "a read-only folder is refused until it is "
                                    "writable") {
  fs::create_directory(folder.file("shut"));
  opts.path = folder.file("shut/test.db");
  start();
  close();
  immutable shut{folder.file("shut")};
  if (!shut.works())
    return say_not_tested();
  CHECK(outcome_of(try_open()) == "read_only");
  shut.mend();
  open();
  check_unharmed();
}

TEST_CASE_METHOD(bad_input_fixture,
                 "a missing folder is refused until it exists") {
  opts.path = folder.file("missing/test.db");
  auto err = try_open();
  CHECK(outcome_of(err) == "cannot_open");
  check_contains(failure_of(err).message, "missing");
  CHECK_FALSE(fs::exists(folder.file("missing")));
  fs::create_directory(folder.file("missing"));
  start();
  check_unharmed();
}

TEST_CASE_METHOD(bad_input_fixture, "paths that name no file are refused") {
  auto outcome = [this](std::string path) {
    opts.path = std::move(path);
    return outcome_of(try_open());
  };
  CHECK(outcome("") == "invalid_argument");
  CHECK(outcome(folder.path()) == "cannot_open");
  CHECK(outcome(":memory:") == "no_write_ahead_log");
  CHECK(outcome(folder.file(std::string("a\0b", 3))) == "invalid_argument");
  opts.path = folder.file("good.db");
  start();
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "a second owner is refused, and the first goes "
                               "on") {
  auto second = opts;
  second.lock_patience = 50ms;
  auto reply = open_database(sys, second);
  CHECK(outcome_of(reply) == "busy");
  check_contains(message_of(reply), "owned by");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "all requests after close are refused") {
  must("INSERT INTO t(a) VALUES(1)");
  auto receipt = close();
  CHECK(receipt.drained);
  CHECK(outcome_of(db->write("INSERT INTO t(a) VALUES(2)")) == "closed");
  CHECK(outcome_of(db->query("SELECT 1")) == "closed");
  CHECK(outcome_of(db->call("f")) == "closed");
  CHECK(outcome_of(db->transaction([](session&) { return result_set{}; }))
        == "closed");
  CHECK(outcome_of(db->index({"i", "k", "", "text", {}})) == "closed");
  CHECK(outcome_of(db->search({"i", "text", 20, 0ns})) == "closed");
  CHECK(outcome_of(db->dead_letters()) == "closed");
  CHECK(outcome_of(db->replay(1)) == "closed");
  CHECK(outcome_of(db->discard(1)) == "closed");
  CHECK(outcome_of(db->checkpoint()) == "closed");
  CHECK(outcome_of(db->check_integrity()) == "closed");
  CHECK(outcome_of(db->describe()) == "closed");
  db->best_effort("key", "INSERT INTO t(a) VALUES(3)");
  CHECK(stats().best_effort.dropped_closed == 1);
  CHECK(stats().state == "closed");
  CHECK(receipt.final_statistics.writes.acknowledged > 0);
  CHECK(receipt.final_statistics.state == "closed");
  open();
  CHECK(rows("SELECT a FROM t") == "1");
  check_unharmed();
}
