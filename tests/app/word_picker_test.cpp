#include "app/demo/content/word_picker.hpp"

#include "tests/catch.hpp"

#include <algorithm>

using namespace onewriter::node;

namespace {

using words = std::vector<std::string>;

words sorted(words xs) {
  std::sort(xs.begin(), xs.end());
  return xs;
}

} // namespace

TEST_CASE("words are letters between white space") {
  auto text = "begin hello (paren) under_score well-known world\n"
              "r\u00e9sum\u00e9 abc1234 Capital tail";
  CHECK(sorted(pick_words(text, 10, 1)) == words{"Capital", "hello", "world"});
}

TEST_CASE("what the ends of the text may have cut off is no word") {
  CHECK(pick_words("", 5, 1).empty());
  CHECK(pick_words("alone", 5, 1).empty());
  CHECK(pick_words(" alone", 5, 1).empty());
  CHECK(pick_words("alone ", 5, 1).empty());
  CHECK(pick_words(" alone ", 5, 1) == words{"alone"});
}

TEST_CASE("words have 5 to 20 letters") {
  CHECK(
    pick_words(" four fives abcdefghijklmnopqrst abcdefghijklmnopqrstu ", 5, 1)
    == words{"fives", "abcdefghijklmnopqrst"});
}

TEST_CASE("a word is picked once") {
  CHECK(pick_words(" hello hello hello ", 5, 1) == words{"hello"});
}

TEST_CASE("the same seed picks the same words from all over the text") {
  std::string text = " ";
  for (char a = 'a'; a <= 'z'; ++a)
    text += std::string(6, a) + ' ';
  auto picked = pick_words(text, 4, 7);
  CHECK(picked.size() == 4);
  CHECK(picked == pick_words(text, 4, 7));
  CHECK(std::any_of(picked.begin(), picked.end(),
                    [](const std::string& x) { return x > "mmmmmm"; }));
  CHECK(pick_words(text, 0, 7).empty());
}
