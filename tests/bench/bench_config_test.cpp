#include "bench/onewriter/bench_system.hpp"

#include "onewriter/scheduler.hpp"

#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

#include <fstream>
#include <stdexcept>

using namespace onewriter;
using namespace onewriter::bench;
using namespace std::chrono_literals;

namespace {

bool contains(const std::string& text, const std::string& what) {
  return text.find(what) != text.npos;
}

std::string problem_with(std::vector<std::string> words) {
  try {
    bench_config{}.read(std::move(words));
    return {};
  } catch (const std::invalid_argument& ex) {
    return ex.what();
  }
}

} // namespace

TEST_CASE("options of groups are those of the database and of CAF") {
  for (auto how : {system_setup::defaults, system_setup::node})
    CHECK(bench_config{how}.read({"--onewriter.readers=3"}).readers == 3);
  bench_config cfg{system_setup::node};
  cfg.read({std::string{"--"} + max_threads_key + "=3"});
  CHECK(get_or(cfg, max_threads_key, size_t{0}) == 3);
}

TEST_CASE("no set-up sets an option of a database") {
  auto how = GENERATE(system_setup::defaults, system_setup::node);
  auto found = bench_config{how}.read({});
  CHECK(found.thread == options{}.thread);
  CHECK(found.quick_query_time == options{}.quick_query_time);
}

TEST_CASE("each measurement has an actor system of its set-up") {
  caf::actor_system_config plain;
  bench_system defaults{system_setup::defaults, {}};
  bench_system node{system_setup::node, {}};
  auto threads_of = [](const caf::actor_system_config& cfg) {
    return get_or(cfg, max_threads_key, size_t{0});
  };
  CHECK(threads_of(defaults.actors().config()) == threads_of(plain));
  CHECK(threads_of(node.actors().config()) >= 2);
  options at;
  at.path = "some.db";
  at.synchronous = synchronous::normal;
  auto found = node.database_options(at);
  CHECK(found.path == "some.db");
  CHECK(found.synchronous == synchronous::normal);
}

TEST_CASE("a configuration file in CAF's syntax sets options of the database") {
  test::temp_folder folder;
  auto path = folder.file("bench.conf");
  // CAF 0.17 takes the first, CAF 1.x the second.
  auto understood = 0;
  for (auto text : {"[onewriter]\nreaders = 5\nmax-cursors = 7\n",
                    "onewriter {\n  readers = 5\n  max-cursors = 7\n}\n"}) {
    std::ofstream{path} << text;
    std::vector<std::string> words{"--config-file=" + path,
                                   "--onewriter.readers=6"};
    if (!problem_with(words).empty())
      continue;
    auto found = bench_config{}.read(words);
    if (found.max_cursors != 7)
      continue;
    ++understood;
    // The command line comes first.
    CHECK(found.readers == 6);
  }
  CHECK(understood > 0);
}

TEST_CASE("options that each measurement sets itself are refused") {
  CHECK(contains(problem_with({"--onewriter.path=a.db"}), "--onewriter.path:"));
  CHECK(
    contains(problem_with({"--onewriter.synchronous=normal"}), "see --levels"));
}

TEST_CASE("options of groups that CAF does not know are named") {
  CHECK(contains(problem_with({"--onewriter.frob=1"}), "--onewriter.frob"));
  CHECK(contains(problem_with({"--onewriter.readers=many"}), "readers=many"));
  CHECK(contains(problem_with({"--config-file=/no/such.conf"}), "/no/such"));
}
