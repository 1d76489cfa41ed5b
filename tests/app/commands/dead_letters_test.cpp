#include "app/commands/output/json_text.hpp"
#include "tests/app/commands/command_fixture.hpp"

using namespace onewriter;
using namespace onewriter::test;
using onewriter::node::json;

namespace {

class letters_file : public command_fixture {
public:
  letters_file() {
    exec("CREATE TABLE t(a PRIMARY KEY, b)");
  }

  /// Sends `count` writes into a table that does not exist yet, without
  /// waiting, and returns when all have become dead letters.
  void fail(uint64_t count) {
    std::vector<onewriter::write> writes;
    for (uint64_t i = 0; i < count; ++i)
      writes.push_back(onewriter::write{"INSERT INTO later VALUES(:a, :b)",
                                        named(":a", static_cast<int64_t>(i)),
                                        named(":b", "\x1b[2J")});
    leave_dead_letters(writes);
  }

  command_outcome letters(std::vector<std::string> words) {
    words.insert(words.begin(), {"dead-letters", file});
    return run(words);
  }
};

} // namespace

TEST_CASE_METHOD(letters_file, "dead letters are listed and shown") {
  CHECK(letters({"list"}).out == "no dead letters\n");
  CHECK(letters({"list", "--json"}).out == "");
  fail(2);
  auto list = letters({"list"});
  CHECK(list.status == 0);
  CHECK(has(list.out, "invalid_sql"));
  CHECK(has(list.out, "INSERT INTO later VALUES(:a, :b)"));
  auto shown = letters({"show", "2"});
  CHECK(shown.status == 0);
  CHECK(has(shown.out, "dead letter 2: invalid_sql: "));
  CHECK(has(shown.out, "\n  :a = 1\n  :b = \\x1b[2J\n"));
  auto object = json::parse(letters({"show", "1", "--json"}).out);
  CHECK(object["id"] == 1);
  CHECK(object["statements"][0]["parameters"].dump() == R"([0,"\u001b[2J"])");
  CHECK(object["statements"][0]["names"].dump() == R"([":a",":b"])");
  std::istringstream lines{letters({"list", "--json"}).out};
  auto count = 0;
  for (std::string line; std::getline(lines, line); ++count)
    CHECK(json::parse(line)["code"] == "invalid_sql");
  CHECK(count == 2);
}

TEST_CASE_METHOD(letters_file, "dead letters are replayed and discarded") {
  fail(4);
  // The table is still missing.
  auto early = letters({"replay", "1"});
  CHECK(early.status == 1);
  CHECK(has(early.out, "1: invalid_sql: "));
  exec("CREATE TABLE later(a, b)");
  // What cannot be done keeps nothing else from being done.
  auto some = letters({"replay", "99", "1"});
  CHECK(some.status == 1);
  CHECK(has(some.out, "99: no_such_dead_letter"));
  CHECK(has(some.out, "\n1: commit "));
  CHECK(letters({"discard", "2"}).status == 0);
  CHECK(rows("SELECT a FROM later") == "0\n");
  auto rest = letters({"replay", "--all", "--json"});
  CHECK(rest.status == 0);
  CHECK(rows("SELECT a FROM later ORDER BY a") == "0\n2\n3\n");
  CHECK(letters({"list"}).out == "no dead letters\n");
}

TEST_CASE_METHOD(letters_file, "all letters are replayed once where they fail "
                               "again") {
  fail(3);
  auto result = letters({"replay", "--all"});
  CHECK(result.status == 1);
  CHECK(std::count(result.out.begin(), result.out.end(), '\n') == 3);
  auto object = json::parse(letters({"show", "1", "--json"}).out);
  CHECK(object["attempts"] == 2);
  CHECK(letters({"discard", "--all"}).status == 0);
  CHECK(letters({"list"}).out == "no dead letters\n");
}

TEST_CASE_METHOD(letters_file, "dead letters that are not named are refused") {
  CHECK(letters({"show", "7"}).status == 1);
  for (auto& words :
       std::vector<std::vector<std::string>>{{"show"},
                                             {"show", "1", "2"},
                                             {"show", "--all"},
                                             {"list", "1"},
                                             {"list", "--all"},
                                             {"replay"},
                                             {"discard"},
                                             {"replay", "--all", "1"},
                                             {"replay", "x"},
                                             {"replay", "0"},
                                             {"replay", "1.0"},
                                             {"burn", "1"},
                                             {}}) {
    CAPTURE(words);
    CHECK(letters(words).status == 2);
  }
}
