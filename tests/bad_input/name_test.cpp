// Names that do not exist, and names with quotes in them.
#include "tests/bad_input/bad_input_fixture.hpp"

#include <string>
#include <vector>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

TEST_CASE_METHOD(open_fixture, "names of functions and dead letters that do "
                               "not exist are refused") {
  CHECK(outcome_of(db->call("nothing", 1)) == "no_such_function");
  CHECK(outcome_of(db->replay(4711)) == "no_such_dead_letter");
  CHECK(outcome_of(db->discard(-1)) == "no_such_dead_letter");
  CHECK(outcome_of(db->transaction(transaction{})) == "invalid_argument");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "names in an index may hold quotes and more") {
  const std::vector<std::string> names{"it's", "say \"so\"", "a`b[c]",
                                       "x; DROP TABLE t; --", "%s \\ \n"};
  for (auto& name : names) {
    INFO(name);
    chunked_index what;
    what.index = name;
    what.key = "key of " + name;
    what.text = "the quick brown fox";
    auto indexed = db->index(what);
    REQUIRE(indexed);
    search words;
    words.index = name;
    words.expression = "brown";
    auto hits = db->search(words);
    REQUIRE(hits);
    REQUIRE(hits->hits.size() == 1);
    CHECK(hits->hits[0].key == what.key);
    CHECK(hits->hits[0].offset == 10);
    CHECK(outcome_of(db->remove({name, what.key})) == "ok");
    hits = db->search(words);
    REQUIRE(hits);
    CHECK(hits->hits.empty());
  }
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "names that an index cannot have are refused") {
  chunked_index what;
  what.text = "text";
  what.index = "";
  what.key = "key";
  CHECK(outcome_of(db->index(what)) == "invalid_argument");
  what.index = std::string(256, 'i');
  CHECK(outcome_of(db->index(what)) == "invalid_argument");
  what.index = "index";
  what.key = "";
  CHECK(outcome_of(db->index(what)) == "invalid_argument");
  what.key = std::string(4'097, 'k');
  CHECK(outcome_of(db->index(what)) == "invalid_argument");
  what.key = "\xff";
  CHECK(outcome_of(db->index(what)) == "invalid_text");
  what.key = "key";
  what.text = "\xff";
  CHECK(outcome_of(db->index(what)) == "invalid_text");
  what.text.clear();
  what.path = folder.file("missing.txt");
  CHECK(outcome_of(db->index(what)) == "unreadable_document");
  what.path = folder.path();
  CHECK(outcome_of(db->index(what)) == "unreadable_document");
  what.path.clear();
  what.text = "text";
  CHECK(outcome_of(db->index(what)) == "ok");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "an FTS expression that does not parse is "
                               "refused") {
  chunked_index what;
  what.index = "words";
  what.key = "fox";
  what.text = "the quick brown fox";
  REQUIRE(db->index(what));
  search words;
  words.index = "words";
  for (auto expression : {"\"unbalanced", "AND", "fox AND", "(fox",
                          "nowhere : fox", "", "NEAR("}) {
    words.expression = expression;
    INFO(expression);
    CHECK(outcome_of(db->search(words)) == "invalid_search");
  }
  words.expression = "fox";
  words.max_hits = 0;
  CHECK(outcome_of(db->search(words)) == "invalid_argument");
  words.max_hits = 20;
  words.index = "missing";
  CHECK(outcome_of(db->search(words)) == "no_such_index");
  words.index = "words";
  auto hits = db->search(words);
  REQUIRE(hits);
  CHECK(hits->hits.at(0).key == "fox");
  // In a table of the caller's own it is an error of the SQL.
  must("CREATE VIRTUAL TABLE own USING fts5(body)");
  must("INSERT INTO own(body) VALUES('the fox')");
  CHECK(outcome_of(
          db->query("SELECT body FROM own WHERE own MATCH ?", "\"unbalanced"))
        == "invalid_sql");
  CHECK(rows("SELECT body FROM own WHERE own MATCH ?", "fox") == "'the fox'");
  check_unharmed();
}
