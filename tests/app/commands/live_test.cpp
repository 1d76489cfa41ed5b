// Commands that go on until they are stopped.
#include "tests/app/commands/command_fixture.hpp"

#include "app/commands/live/top_frame.hpp"
#include "onewriter/client.hpp"
#include "tests/sharing/peer.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <streambuf>

using namespace onewriter;
using namespace onewriter::test;
using onewriter::node::json;

namespace {

/// Calls a function when it is given something for the first time.
class reacting_buffer : public std::stringbuf {
public:
  explicit reacting_buffer(std::function<void()> first)
    : first_{std::move(first)} {
    // nop
  }

protected:
  std::streamsize xsputn(const char* text, std::streamsize size) override {
    if (first_)
      std::exchange(first_, nullptr)();
    return std::stringbuf::xsputn(text, size);
  }

private:
  std::function<void()> first_;
};

std::vector<json> lines_of(const std::string& text) {
  std::istringstream in{text};
  std::vector<json> result;
  for (std::string line; std::getline(in, line);)
    result.push_back(json::parse(line));
  return result;
}

class live_fixture : public command_fixture {
public:
  live_fixture() {
    exec("CREATE TABLE t(a)");
  }

  /// Runs a command that a signal stops once it has printed something.
  command_outcome run_until_signal(const std::vector<std::string>& words) {
    node::interruption stop;
    reacting_buffer buffer{[&stop] {
      // As the thread does that waits for signals.
      if (!stop.is_intercepted(SIGINT))
        stop.request();
    }};
    std::ostream out{&buffer};
    auto result = run_into(out, stop, words);
    result.out = buffer.str();
    return result;
  }

  /// Leaves a write that has failed unseen in the file.
  void leave_dead_letter() {
    leave_dead_letters({onewriter::write{"INSERT INTO later VALUES(1)"}});
  }
};

} // namespace

// -- top
// --------------------------------------------------------------------------

TEST_CASE_METHOD(live_fixture, "top shows a screen") {
  auto result = run({"top", file, "--once"});
  CHECK(result.err == "");
  CHECK(result.status == 0);
  std::istringstream in{result.out};
  size_t count = 0;
  for (std::string line; std::getline(in, line); ++count)
    CHECK(line.size() <= 80);
  CHECK(count <= 24);
  for (auto part :
       {"test.db  open", "waiting     urgent 0", "best effort 0",
        "writer restarts 0", "latency in ms", "background write", "log "})
    CHECK(has(result.out, part));
}

TEST_CASE_METHOD(live_fixture, "top prints a line of JSON each time") {
  auto result = run({"top", file, "--json", "--count=3", "--interval", "0.05"});
  auto lines = lines_of(result.out);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0]["state"] == "open");
  CHECK(lines[0].count("per_second") == 0);
  CHECK(lines[2]["per_second"]["commits"] == 0.0);
  CHECK(lines[2]["interval_ms"] >= 50);
}

TEST_CASE_METHOD(live_fixture, "top ends with success at Ctrl-C") {
  auto result = run_until_signal({"top", file, "--interval=3600"});
  CHECK(result.err == "");
  CHECK(result.status == 0);
  CHECK(has(result.out, "waiting"));
}

TEST_CASE_METHOD(live_fixture, "top shows the statistics of the owner") {
  options opts;
  opts.path = file;
  peer owner{opts};
  for (auto i = 0; i < 10; ++i)
    REQUIRE(owner.write("INSERT INTO t VALUES(1)") == "ok");
  auto lines = lines_of(run({"top", file, "--json", "--once"}).out);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0]["writes"]["acknowledged"] == 10);
  CHECK(owner.leave() == "left");
}

TEST_CASE_METHOD(live_fixture, "top and status show slow requests") {
  options opts;
  opts.path = file;
  opts.slow_statement = std::chrono::nanoseconds{1};
  peer owner{opts};
  // Nothing else takes a tenth of its time.
  auto sql = "INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT "
             "i + 1 FROM n WHERE i < 300000) SELECT max(i) FROM n";
  REQUIRE(owner.write(sql) == "ok");
  auto found = lines_of(run({"top", file, "--json", "--once"}).out);
  REQUIRE(found.size() == 1);
  auto& all = found[0]["slowest"];
  auto slow = std::find_if(all.begin(), all.end(),
                           [&](const json& x) { return x["sql"] == sql; });
  REQUIRE(slow != all.end());
  CHECK((*slow)["lane"] == "normal");
  CHECK((*slow)["ms"] > 0.0);
  CHECK((*slow)["time"].get<std::string>().size() == 20);
  auto line = "Z  normal  INSERT ";
  CHECK(has(run({"top", file, "--once"}).out, line));
  CHECK(has(run({"status", file}).out, line));
  CHECK(owner.leave() == "left");
}

TEST_CASE("top fits its screen with slow requests") {
  node::top_sample x;
  for (auto i = 0; i < 8; ++i)
    x.now.slowest.push_back({std::chrono::hours{24}, 1'700'000'000'000,
                             "background", std::string(200, 'x')});
  auto lines = node::top_frame({}, x);
  CHECK(lines.size() == 24);
  for (auto& line : lines)
    CHECK(line.columns() <= 80);
  CHECK(has(lines.back().render(false),
            "slow  86,400,000.00 ms  2023-11-14T22:13:20Z  background  xxx"));
}

TEST_CASE("top computes rates of the last interval") {
  node::top_sample x;
  x.now.commits = 300;
  x.now.committed_requests = 900;
  x.now.query_latency.count = 50;
  x.now.best_effort.dropped_full = 4;
  x.before.emplace();
  x.before->commits = 100;
  x.before->committed_requests = 300;
  x.interval = std::chrono::seconds{2};
  auto found = node::top_json({}, x);
  CHECK(found["per_second"]["commits"] == 100.0);
  CHECK(found["per_second"]["requests"] == 300.0);
  CHECK(found["per_second"]["dropped"] == 2.0);
  std::string screen;
  for (auto& line : node::top_frame({}, x))
    screen += line.render(false) + '\n';
  CHECK(has(screen, "3.0 requests a commit"));
  // Another owner has counted from zero.
  x.before->commits = 1'000;
  CHECK(node::top_json({}, x)["per_second"]["commits"] == 0.0);
}

// -- alerts
// -------------------------------------------------------------------------

TEST_CASE_METHOD(live_fixture, "alerts that are raised are printed at once") {
  leave_dead_letter();
  auto result = run({"alerts", file, "--count=1"});
  CHECK(result.err == "");
  CHECK(result.status == 0);
  CHECK(has(result.out, "Z  raised   dead_letters"));
  auto lines = lines_of(run({"alerts", file, "--count=1", "--json"}).out);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0]["kind"] == "dead_letters");
  CHECK(lines[0]["raised"] == true);
  CHECK(lines[0]["measured"] == 1.0);
}

TEST_CASE_METHOD(live_fixture, "alerts are followed until Ctrl-C") {
  leave_dead_letter();
  auto result = run_until_signal({"alerts", file});
  CHECK(result.err == "");
  CHECK(result.status == 0);
  CHECK(has(result.out, "dead_letters"));
}

TEST_CASE_METHOD(live_fixture,
                 "alerts come from the owner, and from the next") {
  leave_dead_letter();
  options opts;
  opts.path = file;
  peer owner{opts};
  REQUIRE(owner.problem() == "none");
  node::interruption stop;
  // The first alert is that of the owner, the second that of this process.
  reacting_buffer buffer{[&owner] {
    owner.kill();
  }};
  std::ostream out{&buffer};
  auto result = run_into(out, stop, {"alerts", file, "--count=2", "--json"});
  CHECK(result.status == 0);
  auto lines = lines_of(buffer.str());
  REQUIRE(lines.size() == 2);
  CHECK(lines[0]["kind"] == "dead_letters");
  CHECK(lines[1]["kind"] == "dead_letters");
}
