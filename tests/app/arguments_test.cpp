#include "app/arguments.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <sstream>

using namespace onewriter::node;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

std::string problem_of(const std::vector<std::string>& words) {
  return parse_arguments(words).problem;
}

// Whether `words` ask for a text with `part` in it, and for nothing else.
bool prints(const std::vector<std::string>& words, const std::string& part) {
  auto result = parse_arguments(words);
  return result.problem.empty() && result.command == command::print
         && result.text.find(part) != std::string::npos;
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
        == std::vector<std::string>{"--config-file=x.conf", "--long-help",
                                    "--onewriter.synchronous=normal"});
}

TEST_CASE("what follows two dashes is a path") {
  auto result = parse_arguments({"demo", "--", "--quiet"});
  CHECK(result.problem.empty());
  CHECK(result.demo.path == "--quiet");
  CHECK_FALSE(result.demo.quiet);
}

TEST_CASE("options with a dot are handed on wherever they are") {
  auto result = parse_arguments({"--caf.logger.file.path=x", "demo", "/tree",
                                 "--onewriter.path=", "--dump-config"});
  CHECK(result.problem.empty());
  CHECK(result.command == command::demo);
  CHECK(result.demo.path == "/tree");
  CHECK(result.system
        == std::vector<std::string>{"--dump-config", "--caf.logger.file.path=x",
                                    "--onewriter.path="});
}

TEST_CASE("the last value of an option counts") {
  auto result = parse_arguments(
    {"demo", "--peers", "8", "--peers=010", "--db=a", "--db=b"});
  CHECK(result.problem.empty());
  CHECK(result.demo.peers == 10);
  CHECK(result.demo.db == "b");
}

TEST_CASE("help and version come before what else is asked for") {
  auto program = "\nUsage: onewriter [OPTIONS] [COMMAND]\n";
  auto demo = "\nUsage: onewriter demo [OPTIONS] [PATH]\n";
  CHECK(prints({"--help"}, program));
  CHECK(prints({"-h"}, program));
  CHECK(prints({"help"}, program));
  CHECK(prints({"help", "demo"}, demo));
  CHECK(prints({"--help", "demo"}, demo));
  CHECK(prints({"demo", "--help"}, demo));
  CHECK(prints({"demo", "-h", "--peers=8", "/tree"}, demo));
  auto version = parse_arguments({"--version"}).text;
  CHECK(version.find("onewriter ") == 0);
  CHECK(prints({"--version", "demo"}, version));
  CHECK(prints({"demo", "--version"}, version));
}

TEST_CASE("lists of options and help need no file") {
  for (auto name : {"demo", "serve", "exec", "query", "shell", "import",
                    "index", "search", "status", "top", "alerts", "checkpoint",
                    "check", "backup", "restore", "dead-letters"}) {
    CAPTURE(name);
    CHECK(prints({name, "--help"}, std::string{"Usage: onewriter "} + name));
    for (auto option : {"--long-help", "--dump-config"}) {
      auto result = parse_arguments({name, option, "--onewriter.readers=2"});
      CHECK(result.problem.empty());
      CHECK(result.command != command::print);
      CHECK(result.system
            == std::vector<std::string>{option, "--onewriter.readers=2"});
    }
  }
  CHECK(prints({"audit", "--help"}, "Usage: onewriter audit"));
  CHECK(problem_of({"audit", "--long-help"}) == "unknown option --long-help");
  CHECK(problem_of({"completion", "--loud"}) == "unknown option --loud");
  CHECK(problem_of({"audit"}) == "audit requires FILE or --source DIR");
  CHECK(problem_of({"exec"}) == "FILE is required");
}

TEST_CASE("help for an unknown command is an error") {
  auto problem = "unknown command 'nonsense'";
  CHECK(problem_of({"help", "nonsense"}) == problem);
  CHECK(problem_of({"--help", "nonsense"}) == problem);
  CHECK(problem_of({"nonsense", "--help"}) == problem);
  CHECK(problem_of({"help", "help"}).empty());
}

TEST_CASE("only commands that take an address say so") {
  auto restore = parse_arguments({"restore", "--help"}).text;
  for (auto part : {"--tls-", "onewriter://", "--onewriter."})
    CHECK(restore.find(part) == std::string::npos);
  CHECK(restore.find("Exit status") != std::string::npos);
  CHECK(prints({"query", "--help"}, "--tls-key"));
  CHECK(prints({"query", "--help"}, "onewriter://HOST"));
  CHECK(problem_of({"restore", "--tls-key=a"}) == "unknown option --tls-key");
}

TEST_CASE("help fits into 80 columns") {
  for (auto words : {"help", "demo"}) {
    std::istringstream text{parse_arguments({words, "--help"}).text};
    size_t longest = 0;
    for (std::string line; std::getline(text, line);)
      longest = std::max(longest, line.size());
    CHECK(longest > 0);
    CHECK(longest <= 80);
  }
}

TEST_CASE("each bad argument is named") {
  CHECK(problem_of({}) == "a command is missing");
  CHECK(problem_of({"--onewriter.readers=1"}) == "a command is missing");
  CHECK(problem_of({"--quiet"}) == "unknown option --quiet");
  CHECK(problem_of({"--quiet", "demo"}) == "unknown option --quiet");
  CHECK(problem_of({"dance"}) == "unknown command 'dance'");
  CHECK(problem_of({""}) == "unknown command ''");
  CHECK(problem_of({"demo", "--loud"}) == "unknown option --loud");
  CHECK(problem_of({"demo", "--loud=1"}) == "unknown option --loud");
  CHECK(problem_of({"demo", "-x"}) == "unknown option -x");
  CHECK(problem_of({"demo", "--quiet=maybe"})
        == "Could not convert: --quiet = maybe");
  CHECK(problem_of({"demo", "--db"}) == "--db requires a value");
  CHECK(problem_of({"demo", "--db="}) == "--db requires a value");
  CHECK(problem_of({"demo", "--db=", "/tree"}) == "--db requires a value");
  CHECK(problem_of({"demo", "--db", ""}) == "--db: must not be empty");
  CHECK(problem_of({"demo", ""}) == "PATH: must not be empty");
  CHECK(problem_of({"demo", "a", "b"}) == "unexpected argument 'b'");
  CHECK(problem_of({"demo", "--", "a", "--onewriter.readers=1"})
        == "unexpected argument '--onewriter.readers=1'");
}

TEST_CASE("numbers have to be numbers in their range") {
  auto bad_peers = [](const std::string& word) {
    return "--peers: must be a whole number from 1 to 10,000, not '" + word
           + "'";
  };
  for (auto word : {"0", "10001", "many", "1.5", "-1", "0x10", ""})
    CHECK(problem_of({"demo", "--peers", word}) == bad_peers(word));
  auto bad_seconds = [](const std::string& word) {
    return "--seconds: must be a number from 0 to 1,000,000, not '" + word
           + "'";
  };
  for (auto word : {"-1", "1e3", "1.2.3", ".", "nan", "1000000.5", ""})
    CHECK(problem_of({"demo", "--seconds", word}) == bad_seconds(word));
  auto bad_chaos = [](const std::string& word) {
    return "--chaos: must be a number from 0.01 to 3,600, not '" + word + "'";
  };
  for (auto word : {"0", "0.009", "3601", "inf", ""})
    CHECK(problem_of({"demo", "--chaos", word}) == bad_chaos(word));
  CHECK(problem_of({"demo", "--chaos="}) == "--chaos requires a value");
}
