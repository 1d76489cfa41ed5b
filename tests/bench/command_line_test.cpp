#include "bench/command_line.hpp"

#include "tests/catch.hpp"

#include <string>
#include <vector>

using namespace onewriter::bench;

namespace {

/// A command line that was typed.
struct typed {
  explicit typed(std::vector<std::string> arguments)
    : strings{std::move(arguments)} {
    strings.insert(strings.begin(), "program");
    for (auto& x : strings)
      pointers.push_back(x.data());
  }

  command_line read() {
    return {static_cast<int>(pointers.size()), pointers.data()};
  }

  // What CAF gets to see.
  std::string ordered() {
    auto line = read();
    std::string result;
    for (auto i = 1; i < line.argc(); ++i)
      result += std::string{line.argv()[i]} + ' ';
    return result;
  }

  std::vector<std::string> strings;
  std::vector<char*> pointers;
};

} // namespace

TEST_CASE("words stand behind options, wherever they were typed") {
  CHECK(typed{{"writes", "--seconds=1", "flood", "--json"}}.ordered()
        == "--seconds=1 --json writes flood ");
  CHECK(typed{{"--seconds=1", "writes"}}.ordered() == "--seconds=1 writes ");
  CHECK(typed{{}}.ordered().empty());
}

TEST_CASE("a short option keeps the value that follows") {
  CHECK(typed{{"writes", "-s", "2", "flood", "-j", "mix"}}.ordered()
        == "-s 2 -j writes flood mix ");
}

TEST_CASE("a short option without its value is named") {
  CHECK(typed{{"writes", "-s"}}.read().problem() == "-s requires a value");
  CHECK(typed{{"-j", "writes"}}.read().problem().empty());
}

TEST_CASE("an option for help overrides all other words") {
  for (std::string question : {"-h", "-?", "--help", "--long-help"}) {
    CHECK(typed{{"writes", "--seconds=1", question, "flood"}}.ordered()
          == question + ' ');
    CHECK(typed{{question, "-s"}}.read().problem().empty());
  }
}

TEST_CASE("options of groups are what is passed on") {
  CHECK(typed{{"--seconds=0.5", "--onewriter.readers=2", "mix.txt",
               "--scheduler.max-threads=3"}}
          .read()
          .group_options()
        == std::vector<std::string>{"--onewriter.readers=2",
                                    "--scheduler.max-threads=3"});
}
