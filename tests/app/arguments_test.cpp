#include "app/arguments.hpp"

#include "tests/catch.hpp"

using namespace onewriter::node;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

std::string problem_of(std::vector<std::string> words) {
  return parse_arguments(words).problem;
}

} // namespace

TEST_CASE("a demo without options has the defaults") {
  auto result = parse_arguments({"demo"});
  CHECK(result.problem.empty());
  CHECK(result.command == command::demo);
  CHECK(result.demo.path.empty());
  CHECK(result.demo.db.empty());
  CHECK(result.demo.duration.count() == 0);
  CHECK(result.demo.chaos.count() == 0);
  CHECK(result.demo.peers == 64);
  CHECK_FALSE(result.demo.quiet);
  CHECK_FALSE(result.demo.json);
}

TEST_CASE("options take their values with and without an equals sign") {
  auto result
    = parse_arguments({"demo", "--db", "a.db", "--seconds=2.5", "--peers", "8",
                       "--chaos=0.5", "--quiet", "--json", "/tree"});
  CHECK(result.problem.empty());
  CHECK(result.demo.db == "a.db");
  CHECK(result.demo.duration == milliseconds{2'500});
  CHECK(result.demo.peers == 8);
  CHECK(result.demo.chaos == milliseconds{500});
  CHECK(result.demo.quiet);
  CHECK(result.demo.json);
  CHECK(result.demo.path == "/tree");
}

TEST_CASE("options of CAF and of the database are handed on") {
  auto result = parse_arguments({"demo", "--onewriter.synchronous=normal",
                                 "--config-file=x.conf", "--long-help"});
  CHECK(result.problem.empty());
  CHECK(result.system
        == std::vector<std::string>{"--onewriter.synchronous=normal",
                                    "--config-file=x.conf", "--long-help"});
}

TEST_CASE("what follows two dashes is a path") {
  auto result = parse_arguments({"demo", "--", "--quiet"});
  CHECK(result.problem.empty());
  CHECK(result.demo.path == "--quiet");
  CHECK_FALSE(result.demo.quiet);
}

TEST_CASE("help and version come before what else is asked for") {
  CHECK(parse_arguments({"--help"}).command == command::help);
  CHECK(parse_arguments({"-h"}).command == command::help);
  CHECK(parse_arguments({"help"}).command == command::help);
  CHECK(parse_arguments({"demo", "--help"}).command == command::help);
  CHECK(parse_arguments({"--version"}).command == command::version);
  CHECK(parse_arguments({"--version", "demo"}).command == command::version);
}

TEST_CASE("each bad argument is named") {
  CHECK(problem_of({}) == "a command is missing");
  CHECK(problem_of({"--quiet"}) == "a command is missing");
  CHECK(problem_of({"dance"}) == "unknown command 'dance'");
  CHECK(problem_of({"demo", "--loud"}) == "unknown option --loud");
  CHECK(problem_of({"demo", "-x"}) == "unknown option -x");
  CHECK(problem_of({"demo", "--quiet=1"}) == "--quiet takes no value");
  CHECK(problem_of({"demo", "--db"}) == "--db requires a value");
  CHECK(problem_of({"demo", "--db="}) == "--db requires a file name");
  CHECK(problem_of({"demo", ""}) == "PATH is empty");
  CHECK(problem_of({"demo", "a", "b"})
        == "only one PATH is allowed, not 'a' and 'b'");
}

TEST_CASE("numbers have to be numbers in their range") {
  CHECK(problem_of({"demo", "--peers", "0"})
        == "--peers requires a number from 1 to 10,000, not '0'");
  CHECK(problem_of({"demo", "--peers", "many"})
        == "--peers requires a number from 1 to 10,000, not 'many'");
  CHECK(problem_of({"demo", "--peers=1.5"})
        == "--peers requires a whole number");
  CHECK(problem_of({"demo", "--seconds", "-1"})
        == "--seconds requires a number from 0 to 1,000,000, not '-1'");
  CHECK(problem_of({"demo", "--seconds", "1e3"})
        == "--seconds requires a number from 0 to 1,000,000, not '1e3'");
  CHECK(problem_of({"demo", "--seconds", "1.2.3"})
        == "--seconds requires a number from 0 to 1,000,000, not '1.2.3'");
  CHECK(problem_of({"demo", "--chaos", "0"})
        == "--chaos requires a number from 0.01 to 3,600, not '0'");
  CHECK(problem_of({"demo", "--chaos="})
        == "--chaos requires a number from 0.01 to 3,600, not ''");
}
