#include "actors/index/tables/search.hpp"

#include "tests/index/store_fixture.hpp"

#include <algorithm>
#include <random>

using namespace onewriter;
using namespace onewriter::test;

namespace {

// Words that are tokens of their own, none part of another, with separators
// that are no part of any token.
struct kind {
  const char* name;
  std::vector<std::string> words;
  std::vector<std::string> separators;
};

const std::vector<kind> kinds{
  {"ASCII",
   {"alpha", "bravo", "charlie", "delta", "echo"},
   {" ", "  ", "\n", "\r\n", "\t", ", ", ". "}},
  {"multi-byte",
   {"\u00C4pfel", "\u0416\u0443\u043A", "\u65E5\u672C\u8A9E", "na\u00EFve",
    "\u03A9mega"},
   {" ", "\u3000", "\u2026", " \U0001F600 ", "\u2028", "\u00AB", "\n"}},
  {"markers and quotes",
   {"alpha", "bravo", "charlie"},
   {"[", "]", "][", "[[", "\"", "'", " \x01\x02 ", "<b>", "\u2026", "{", "*"}},
};

// Returns where each passage has the word first, as it should be found.
std::string expected_places(const std::string& key, const std::string& text,
                            const std::string& word) {
  std::string result;
  for (auto& piece : store_fixture::cut(text)) {
    auto position = piece.text.find(word);
    if (position != std::string::npos)
      result += (result.empty() ? "" : " ") + key + "@"
                + std::to_string(piece.offset + position);
  }
  return result;
}

} // namespace

// -- offsets ----------------------------------------------------------------------

TEST_CASE_METHOD(store_fixture, "a hit says at which byte the first match of "
                                "its passage is") {
  constexpr uint64_t seed = 20273;
  std::mt19937_64 random{seed};
  for (auto& x : kinds) {
    auto rare = x.words.front();
    auto common = std::vector<std::string>(x.words.begin() + 1, x.words.end());
    for (int round = 0; round < 5; ++round) {
      CAPTURE(x.name, seed, round);
      std::string text;
      for (int piece = 0; piece < 10; ++piece) {
        text += random_text(common, x.separators, 50 + random() % 500, random);
        text += rare + x.separators[random() % x.separators.size()];
      }
      put({"notes", "a"}, text);
      for (auto& word : x.words)
        REQUIRE(places("\"" + word + "\"") == expected_places("a", text, word));
    }
  }
}

TEST_CASE_METHOD(store_fixture, "the offset is that of the first match, not of "
                                "the first word that is asked for") {
  put({"notes", "a"}, "one two three four two three");
  CHECK(places("four OR two") == "a@4");
  CHECK(places("three two") == "a@4");
  CHECK(places("\"two three\"") == "a@4");
  CHECK(places("four NOT five") == "a@14");
  CHECK(places("thr*") == "a@8");
  CHECK(places("^one") == "a@0");
  CHECK(places("NEAR(four three, 0)") == "a@8");
  CHECK(places("body : four") == "a@14");
  CHECK(places("start : four") == "");
  CHECK(places("five") == "");
}

TEST_CASE_METHOD(store_fixture, "case and accents do not matter, and do not "
                                "move the offset") {
  put({"notes", "a"}, "\u00DCber \u00DCBER uber \u00FCber caf\u00E9");
  CHECK(places("CAFE") == "a@23");
  CHECK(places("\u00FCber") == "a@0");
  // A letter and its accent as two characters.
  put({"notes", "b"}, "u\u0308ber cafe\u0301 x");
  CHECK(places("caf\u00E9") == "a@23 b@7");
}

TEST_CASE_METHOD(store_fixture, "an offset counts from the beginning of the "
                                "document") {
  auto text = sample_text(100'000) + " needle " + sample_text(50'000);
  put({"notes", "a"}, text);
  CHECK(places("needle") == "a@" + std::to_string(text.find("needle")));
}

// -- hits -------------------------------------------------------------------------

TEST_CASE_METHOD(store_fixture, "the best hits come first, with a snippet") {
  put({"notes", "long"}, sample_text(2'000) + " needle " + sample_text(1'000));
  put({"notes", "short"}, "a needle, a needle");
  auto found = find("needle");
  REQUIRE(found);
  REQUIRE(found->hits.size() == 2);
  CHECK(found->hits[0].key == "short");
  CHECK(found->hits[0].snippet == "a [needle], a [needle]");
  CHECK(found->hits[1].key == "long");
  CHECK(found->hits[0].rank < found->hits[1].rank);
  auto& snippet = found->hits[1].snippet;
  CHECK(snippet.find(" [needle] ") != std::string::npos);
  CHECK(snippet.size() < 200);
}

TEST_CASE_METHOD(store_fixture,
                 "a search returns no more hits than asked for") {
  for (int i = 0; i < 10; ++i)
    put({"notes", std::to_string(i)}, "needle");
  search what;
  what.index = "notes";
  what.expression = "needle";
  what.max_hits = 3;
  auto found = find(what);
  REQUIRE(found);
  CHECK(found->hits.size() == 3);
}

TEST_CASE_METHOD(store_fixture, "indexes do not see each other") {
  put({"notes", "a"}, "apple");
  put({"letters", "a"}, "pear apple");
  CHECK(places("apple", "notes") == "a@0");
  CHECK(places("apple", "letters") == "a@5");
  CHECK(places("pear", "notes") == "");
}

TEST_CASE_METHOD(store_fixture, "what is not published, or hidden, is not "
                                "found") {
  document_name name{"notes", "b"};
  auto text = std::string{"apple"};
  put({"notes", "a"}, text);
  put({"notes", "c"}, text);
  auto start = commit([&](sticky_sql& steps) {
    auto result = begin_version(steps, name, "", digest_of("pie apple"));
    add_passages(steps, "b", result.version, cut("pie apple"));
    return result;
  });
  CHECK(places("apple") == "a@0 c@0");
  commit([&](sticky_sql& steps) {
    return publish_version(steps, "b", start.version, digest_of("pie apple"));
  });
  CHECK(places("apple") == "a@0 b@4 c@0");
  commit([&](sticky_sql& steps) { return hide_document(steps, name).size(); });
  CHECK(places("apple") == "a@0 c@0");
}

TEST_CASE_METHOD(store_fixture, "names of indexes and keys may hold anything") {
  const std::string names[] = {"it's",
                               "a\"b",
                               "x; DROP TABLE onewriter_index; --",
                               "\u65E5\u672C",
                               "[x]",
                               "%_",
                               " ",
                               std::string{"a\0b", 3},
                               "onewriter_fts_1"};
  for (auto& name : names)
    put({name, name + "!"}, "needle " + name);
  for (auto& name : names)
    CHECK(places("needle", name) == name + "!@0");
}

TEST_CASE_METHOD(store_fixture, "a document with nothing in it is found by "
                                "nothing") {
  put({"notes", "empty"}, "");
  put({"notes", "a"}, "needle");
  put({"notes", "blank"}, " \n ");
  CHECK(places("needle") == "a@0");
  CHECK(rows("SELECT key, bytes, end_passage - first_passage FROM "
             "onewriter_document ORDER BY key")
        == "'a'|6|1\n'blank'|3|1\n'empty'|0|0\n");
}

// -- refusals -----------------------------------------------------------------------

TEST_CASE_METHOD(store_fixture,
                 "an expression that FTS5 does not understand is "
                 "refused with its message") {
  put({"notes", "a"}, "one two three");
  for (auto expression : {"",
                          " ",
                          "AND",
                          "one AND",
                          "\"one",
                          "(one",
                          "one)",
                          "one two:",
                          "^",
                          "nocolumn:x",
                          "one + ",
                          "NEAR(one",
                          "NEAR(one two, x)",
                          "NOT one",
                          "*",
                          "*reads",
                          "*id",
                          "one ^",
                          "{body",
                          "-one",
                          "'one'",
                          "one,two",
                          "a.b",
                          "@"}) {
    auto answer = places(expression);
    CAPTURE(expression, answer);
    CHECK(answer.substr(0, 16) == "invalid_search: ");
    CHECK(answer.size() > 20);
  }
  CHECK(places("AND")
        == "invalid_search: fts5: syntax error near \"AND\" [SQLite 1]");
  // Words of the message that are also in the expression are not left out.
  CHECK(places("error near )")
        == "invalid_search: fts5: syntax error near \")\" [SQLite 1]");
  CHECK(places("title : one")
        == "invalid_search: no such column: title; an index has no columns to "
           "name: quote the term [SQLite 1]");
  CHECK(places("one") == "a@0");
}

TEST_CASE_METHOD(store_fixture, "an expression with a NUL is refused") {
  put({"notes", "a"}, "one two");
  CHECK(places(std::string{"one\0two", 7})
        == "invalid_search: the expression holds a NUL");
}

TEST_CASE_METHOD(store_fixture, "an expression that is not UTF-8 is refused") {
  put({"notes", "a"}, "one two");
  auto found = find("\xFF");
  REQUIRE_FALSE(found);
  CHECK(code_of(found.error()) == ec::invalid_text);
}

TEST_CASE_METHOD(store_fixture, "an index that does not exist is named") {
  CHECK(places("one", "nothing").substr(0, 42)
        == "no_such_index: there is no index \"nothing\"");
}

TEST_CASE_METHOD(store_fixture, "the number of hits has limits") {
  put({"notes", "a"}, "one");
  search what;
  what.index = "notes";
  what.expression = "one";
  for (auto [max_hits, valid] :
       {std::pair{0u, false}, {1u, true}, {10'000u, true}, {10'001u, false}}) {
    what.max_hits = max_hits;
    auto found = find(what);
    CAPTURE(max_hits);
    CHECK(static_cast<bool>(found) == valid);
    if (!found)
      CHECK(code_of(found.error()) == ec::invalid_argument);
  }
}

TEST_CASE_METHOD(store_fixture, "a search stops at the run deadline") {
  put({"notes", "a"}, sample_text(3'000'000));
  reader->set_run_deadline(std::chrono::steady_clock::now());
  auto found = find("word* OR w*");
  reader->set_run_deadline(std::nullopt);
  REQUIRE_FALSE(found);
  CHECK(code_of(found.error()) == ec::deadline_exceeded);
  CHECK(find("word*"));
}
