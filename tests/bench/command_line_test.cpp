#include "bench/options/command_line.hpp"

#include "tests/catch.hpp"

#include <stdexcept>
#include <string>
#include <vector>

using namespace onewriter;
using namespace onewriter::bench;

namespace {

using strings = std::vector<std::string>;

bool contains(const std::string& text, const std::string& what) {
  return text.find(what) != text.npos;
}

// Why a command line is refused; empty where it is not.
std::string problem_with(const strings& words) {
  try {
    read_command_line(words);
    return {};
  } catch (const std::invalid_argument& x) {
    return x.what();
  }
}

bool names_the_option(const std::string& problem, const std::string& option) {
  return problem.rfind(option + ':', 0) == 0;
}

} // namespace

// -- words ----------------------------------------------------------------------

TEST_CASE("workloads may stand between options") {
  auto found = read_command_line({"writes", "--seconds=1", "flood", "--json"});
  CHECK(found.command == command::workloads);
  CHECK(found.workloads == strings{"writes", "flood"});
  CHECK(found.options.seconds == 1);
  CHECK(found.options.json);
  CHECK(read_command_line({"--seconds=1", "all"}).workloads == strings{"all"});
  CHECK(read_command_line({}).workloads.empty());
}

TEST_CASE("an option keeps the value that follows") {
  for (std::string name : {"-s", "--seconds"}) {
    auto found
      = read_command_line({"writes", name, "2.5", "flood", "-j", "mix"});
    CHECK(found.workloads == strings{"writes", "flood", "mix"});
    CHECK(found.options.seconds == 2.5);
    CHECK(found.options.json);
  }
  auto found = read_command_line({"--only", "queue,raw-1", "mix"});
  CHECK(found.workloads == strings{"mix"});
  CHECK(found.options.backends == strings{"queue", "raw-1"});
}

TEST_CASE("an option without its value is named") {
  CHECK(contains(problem_with({"writes", "-s"}), "--seconds"));
  CHECK(contains(problem_with({"writes", "--seconds"}), "--seconds"));
  CHECK(problem_with({"-j", "writes"}).empty());
}

TEST_CASE("what is unknown is named") {
  CHECK(contains(problem_with({"writes", "--frob"}), "--frob"));
  CHECK(contains(problem_with({"--frob=1"}), "--frob=1"));
  CHECK(contains(problem_with({"-x", "writes"}), "-x"));
  auto problem = problem_with({"writes", "frob"});
  CHECK(names_the_option(problem, "workloads"));
  CHECK(contains(problem, "frob"));
  CHECK(contains(problem, "writes,statements"));
}

TEST_CASE("an option for help overrides all other words") {
  for (std::string question : {"-h", "-?", "--help"}) {
    for (auto& words :
         {strings{"writes", "--seconds=0", question, "flood"},
          strings{"frob", "--frob", question}, strings{question, "-s"},
          strings{question, "targets"}}) {
      auto found = read_command_line(words);
      CHECK(contains(found.help, "--seconds"));
      CHECK(contains(found.help, "one row a write, while the writer fails"));
      CHECK(found.workloads.empty());
    }
    CHECK(contains(read_command_line({"targets", question}).help,
                   "compares figures with their targets"));
  }
}

TEST_CASE("options of groups, and those of CAF, are what is passed on") {
  auto found = read_command_line(
    {"--seconds=0.5", "--onewriter.readers=2", "mix", "--config-file=a.conf",
     "--scheduler.max-threads=3", "--long-help", "--dump-config"});
  CHECK(found.options.passed_on
        == strings{"--onewriter.readers=2", "--config-file=a.conf",
                   "--scheduler.max-threads=3", "--long-help",
                   "--dump-config"});
  CHECK(found.options.seconds == 0.5);
  CHECK(found.workloads == strings{"mix"});
}

TEST_CASE("commands take options and no workloads") {
  auto found = read_command_line({"-r", "5", "targets", "--seconds=1"});
  CHECK(found.command == command::targets);
  CHECK(found.options.rounds == 5);
  CHECK(found.options.seconds == 1);
  CHECK(read_command_line({"results"}).command == command::results);
  for (auto& words :
       {strings{"targets", "writes"}, strings{"writes", "targets"},
        strings{"targets", "results"}, strings{"targets", "frob"}})
    CHECK_FALSE(problem_with(words).empty());
  CHECK(contains(problem_with({"targets", "writes"}), "no workloads"));
  for (std::string shape :
       {"--sizes=1x1", "--readers=1", "--rate=20000", "--row-bytes=7"}) {
    auto name = shape.substr(0, shape.find('='));
    CHECK(names_the_option(problem_with({"results", shape}), name));
    CHECK(names_the_option(problem_with({shape, "targets"}), name));
  }
}

// -- values ---------------------------------------------------------------------

TEST_CASE("options have defaults") {
  auto found = read_command_line({}).options;
  CHECK(found.shape == load_shape{});
  CHECK(
    found.levels
    == std::vector<enum synchronous>{synchronous::full, synchronous::normal});
  CHECK(found.results_command() == bench_options{}.results_command());
  CHECK(found.wants("queue"));
}

TEST_CASE("sizes, rate and bytes are those of the workloads") {
  auto found
    = read_command_line({"--sizes=3x1,4x16", "--rate=700", "--row-bytes=5000"});
  auto all = all_workloads(found.options.shape);
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

TEST_CASE("readers have clients of the usual size, or of those asked for") {
  auto variants_of = [](const strings& words) {
    std::string result;
    for (auto& load : all_workloads(read_command_line(words).options.shape))
      for (auto& variant : load.variants)
        if (load.name == "readers")
          result += variant.name + '\n';
    return result;
  };
  CHECK(variants_of({"--readers=1,4"})
        == "1 reader, 64 x 1\n4 readers, 64 x 1\n");
  CHECK(variants_of({"--sizes=8x1", "--readers=16"}) == "16 readers, 8 x 1\n");
  for (std::string wrong : {"--readers=0", "--readers=1025", "--readers=x"})
    CHECK(names_the_option(problem_with({wrong}), "--readers"));
}

TEST_CASE("a size that cannot be measured is named") {
  for (std::string size : {"64", "64x", "x16", "64 16", "0x1", "1x0", "4097x1",
                           "1x1001", "4096x1000", "-1x1", "1x1y", "many"}) {
    INFO(size);
    auto problem = problem_with({"--sizes=1x1," + size});
    CHECK(names_the_option(problem, "--sizes"));
    CHECK(contains(problem, '"' + size + '"'));
  }
}

TEST_CASE("values that are not allowed are named, with those that are") {
  struct {
    std::string word;
    std::string allowed;
  } all[] = {
    {"--rate=0", "1 to 10000000"},      {"--rate=10000001", "1 to 10000000"},
    {"--row-bytes=0", "1 to 1000000"},  {"--row-bytes=1000001", "1 to 1000000"},
    {"--seconds=0", "0.001 to 3600"},   {"--seconds=3601", "0.001 to 3600"},
    {"--seconds=nan", "0.001 to 3600"}, {"--seconds=abc", "0.001 to 3600"},
    {"--rounds=0", "1 to 1000"},        {"--rounds=1001", "1 to 1000"},
    {"--rounds=-1", "1 to 1000"},       {"--max-database-gb=-1", "0 to 1000"},
    {"--levels=full,extra", "normal"},  {"--folder=/no/such", "/no/such"}};
  for (auto& x : all) {
    INFO(x.word);
    auto problem = problem_with({x.word});
    CHECK(names_the_option(problem, x.word.substr(0, x.word.find('='))));
    CHECK(contains(problem, x.allowed));
  }
  CHECK_FALSE(problem_with({"--rounds=1.5"}).empty());
  CHECK_FALSE(problem_with({"--seed=-1"}).empty());
  CHECK_FALSE(problem_with({"--sizes="}).empty());
  CHECK_FALSE(problem_with({"--levels="}).empty());
}
