#include "bench/options/bench_config.hpp"

#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

#include <fstream>

using namespace onewriter;
using namespace onewriter::bench;

namespace {

bool contains(const std::string& text, const std::string& what) {
  return text.find(what) != text.npos;
}

std::string problem_with(std::vector<std::string> words) {
  return bench_config{}.read(std::move(words));
}

} // namespace

TEST_CASE("options of groups are those of the database and of CAF") {
  bench_config cfg;
  CHECK(cfg.read({"--onewriter.readers=3"}).empty());
  CHECK(cfg.database_options()->readers == 3);
  // The defaults are those of the node.
  CHECK(cfg.database_options()->thread == writer_thread::scheduled);
}

TEST_CASE("a configuration file in CAF's syntax sets options of the database") {
  test::temp_folder folder;
  auto path = folder.file("bench.conf");
  // CAF 0.17 takes the first, CAF 1.x the second.
  auto understood = 0;
  for (auto text : {"[onewriter]\nreaders = 5\nmax-cursors = 7\n",
                    "onewriter {\n  readers = 5\n  max-cursors = 7\n}\n"}) {
    std::ofstream{path} << text;
    bench_config cfg;
    // The command line comes first.
    auto problem = cfg.read({"--config-file=" + path, "--onewriter.readers=6"});
    if (!problem.empty() || cfg.database_options()->max_cursors != 7)
      continue;
    ++understood;
    CHECK(cfg.database_options()->readers == 6);
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
