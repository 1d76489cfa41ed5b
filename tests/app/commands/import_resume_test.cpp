// Imports that are interrupted and go on, and others that write at the same
// time.
#include "tests/app/commands/command_fixture.hpp"

#include "app/commands/import/run_import.hpp"
#include "tests/oracle/raw_database.hpp"
#include "tests/sharing/peer.hpp"

#include <algorithm>
#include <fstream>
#include <random>

#include <signal.h>
#include <unistd.h>

using namespace onewriter;
using namespace onewriter::test;
using onewriter::node::import_request;
using onewriter::node::import_state;
using onewriter::node::run_import;

namespace {

[[noreturn]] void die() {
  ::kill(::getpid(), SIGKILL);
  for (;;)
    ::pause();
}

class resume_fixture : public command_fixture {
public:
  std::string source = folder.file("rows.csv");
  uint32_t seed = std::random_device{}();
  std::mt19937 random{seed};
  int64_t good = 0;
  int64_t bad = 0;

  resume_fixture() {
    exec("CREATE TABLE t(a INTEGER UNIQUE, b TEXT)");
    std::string text = "a,b\n";
    for (auto i = 0; i < 6'000; ++i) {
      // One that the reader sees, one that only SQLite sees.
      auto kind = random() % 1'000;
      auto is_copy = kind == 1 && good > 0;
      text += kind == 0 ? "x" : std::to_string(is_copy ? 0 : i);
      text += ",\"line\n" + std::to_string(i) + "\"\n";
      ++(kind == 0 || is_copy ? bad : good);
      // What copies are copies of.
      if (i == 0 && kind == 0)
        text += "0,zero\n", ++good;
    }
    write_source(text);
  }

  void write_source(const std::string& text) const {
    std::ofstream{source, std::ios::binary} << text;
  }

  import_request request() const {
    import_request result;
    result.table = "t";
    result.source = source;
    return result;
  }

  options opts() const {
    options result;
    result.path = file;
    return result;
  }

  /// Imports in one process after the other, each of which is killed between
  /// two records, with groups under way, or behind a commit, until one is not.
  void import_and_kill() {
    for (auto kills = 0;; ++kills) {
      REQUIRE(kills < 1'000);
      auto steps = random() % 4'000 + 1;
      auto commits = random() % 4 + 1;
      child_process child{[&](talk_end& parent) {
        member me{opts()};
        auto what = request();
        what.stopped = [&steps] {
          return --steps == 0 ? die(), false : false;
        };
        what.progressed = [&commits](const import_state&) {
          if (--commits == 0)
            die();
        };
        auto report = run_import(me.sys(), me.db(), what);
        me.close();
        parent.tell(!report ? describe(report.error())
                            : outcome(report->problem));
      }};
      auto end = child.wait();
      if (end == "ok")
        return;
      REQUIRE(end == "");
    }
  }

  /// "all" if each good row is in the table once, and each bad line once in the
  /// rejects file.
  std::string content() const {
    raw_database db{file};
    auto found = db.text("SELECT count(*) || ' ' || count(DISTINCT b) FROM t");
    auto n = std::to_string(good);
    auto lines = content_of(source + ".rejects");
    auto rejected = std::count(lines.begin(), lines.end(), '\n');
    if (found == n + " " + n && rejected == bad)
      return "all";
    return found + " of " + n + ", rejected " + std::to_string(rejected)
           + " of " + std::to_string(bad);
  }
};

} // namespace

TEST_CASE_METHOD(resume_fixture, "an import that is killed goes on") {
  CAPTURE(seed);
  import_and_kill();
  CHECK(content() == "all");
}

TEST_CASE_METHOD(resume_fixture,
                 "an import that is killed goes on beside the owner") {
  CAPTURE(seed);
  peer owner{opts()};
  REQUIRE(owner.problem() == "none");
  import_and_kill();
  CHECK(owner.leave() == "left");
  CHECK(content() == "all");
}

TEST_CASE_METHOD(resume_fixture, "an import survives the death of the owner") {
  CAPTURE(seed);
  auto kill_at = static_cast<int>(random() % 10) + 1;
  peer owner{opts()};
  REQUIRE(owner.problem() == "none");
  member me{opts()};
  REQUIRE(me.problem() == "none");
  auto what = request();
  what.progressed = [&](const import_state&) {
    if (--kill_at == 0)
      owner.kill();
  };
  auto report = run_import(me.sys(), me.db(), what);
  REQUIRE(outcome(report) == "ok");
  CHECK(outcome(report->problem) == "ok");
  CHECK(kill_at <= 0);
  me.close();
  CHECK(content() == "all");
}

TEST_CASE_METHOD(resume_fixture, "others write while an import runs") {
  CAPTURE(seed);
  peer owner{opts()};
  REQUIRE(owner.write("CREATE TABLE other(a)") == "ok");
  member me{opts()};
  auto writes = 0;
  auto what = request();
  what.progressed = [&](const import_state& x) {
    if (x.done_bytes == x.total_bytes)
      return;
    CHECK(owner.write("INSERT INTO other VALUES(1)") == "ok");
    ++writes;
  };
  auto report = run_import(me.sys(), me.db(), what);
  REQUIRE(outcome(report) == "ok");
  CHECK(outcome(report->problem) == "ok");
  CHECK(writes >= 10);
  me.close();
  CHECK(owner.leave() == "left");
  CHECK(content() == "all");
}

TEST_CASE_METHOD(resume_fixture, "Ctrl-C ends an import that goes on later") {
  CAPTURE(seed);
  std::ostringstream out;
  node::interruption stop;
  stop.request();
  auto stopped = run_into(out, stop, {"import", file, "t", source});
  CHECK(stopped.status == 130);
  CHECK(has(stopped.err, "interrupted"));
  CHECK(run({"import", file, "t", source}).status == (bad > 0 ? 1 : 0));
  CHECK(content() == "all");
}

TEST_CASE_METHOD(resume_fixture, "an import of the same file adds nothing") {
  CAPTURE(seed);
  std::vector<std::string> words{"import", file, "t", source};
  static_cast<void>(run(words));
  CHECK(content() == "all");
  auto again = run(words);
  // The table still lacks what was rejected.
  CHECK(again.status == (bad > 0 ? 1 : 0));
  CHECK(has(again.out, "0 rows into t, which has "));
  CHECK(content() == "all");
  // Lines that are appended are new.
  std::ofstream{source, std::ios::app} << "9000,new\n";
  auto appended = run(words);
  CHECK(has(appended.out, "1 row into t"));
  ++good;
  CHECK(content() == "all");
}

TEST_CASE_METHOD(resume_fixture, "a file that was changed is refused") {
  CAPTURE(seed);
  std::vector<std::string> words{"import", file, "t", source};
  static_cast<void>(run(words));
  write_source("a,b\n100000,other\n");
  auto refused = run(words);
  CHECK(refused.status == 2);
  CHECK(has(refused.err, "was changed"));
  CHECK(content() == "all");
  words.push_back("--again");
  CHECK(run(words).status == 0);
  CHECK(rows("SELECT b FROM t WHERE a = 100000") == "other\n");
}

TEST_CASE_METHOD(resume_fixture, "a last line that has grown is refused") {
  CAPTURE(seed);
  write_source("a,b\n1,one\n2,tw");
  std::vector<std::string> words{"import", file, "t", source};
  CHECK(run(words).status == 0);
  CHECK(run(words).status == 0);
  write_source("a,b\n1,one\n2,two\n");
  CHECK(has(run(words).err, "was changed"));
  CHECK(rows("SELECT b FROM t") == "one\ntw\n");
}
