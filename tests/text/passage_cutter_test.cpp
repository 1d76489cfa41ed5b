#include "actors/text/passage_cutter.hpp"

#include "actors/text/utf8.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace onewriter;
using namespace std::literals;

namespace {

using passages = std::vector<passage>;

// -- ways to cut -------------------------------------------------------------

void take_certain(passage_cutter& cutter, passages& result) {
  while (auto next = cutter.next())
    result.push_back(std::move(*next));
}

void take_all(passage_cutter& cutter, passages& result) {
  while (auto next = cutter.finish())
    result.push_back(std::move(*next));
}

passages cut(std::string_view text, size_t max_bytes) {
  passages result;
  passage_cutter cutter{max_bytes};
  cutter.feed(text);
  take_all(cutter, result);
  return result;
}

// Feeds blocks of up to `max_block` bytes, some of them empty, and takes
// passages out now and then.
passages cut_in_blocks(std::string_view text, size_t max_bytes,
                       size_t max_block, std::mt19937_64& random) {
  passages result;
  passage_cutter cutter{max_bytes};
  while (!text.empty()) {
    auto n = std::min<size_t>(random() % (max_block + 1), text.size());
    cutter.feed(text.substr(0, n));
    text.remove_prefix(n);
    if (random() % 2 == 0)
      take_certain(cutter, result);
  }
  take_all(cutter, result);
  return result;
}

// -- what came out, as one value ---------------------------------------------

std::string texts(const passages& xs) {
  std::string result;
  for (auto& x : xs)
    result += "[" + x.text + "]";
  return result;
}

std::string printed(const passages& xs) {
  std::string result;
  for (auto& x : xs)
    result += std::to_string(x.offset) + ":[" + x.text + "]";
  return result;
}

std::string joined(const passages& xs) {
  std::string result;
  for (auto& x : xs)
    result += x.text;
  return result;
}

// -- the rules, checked one position at a time -------------------------------

bool is_space(char x) {
  return " \t\v\f\r\n"sv.find(x) != std::string_view::npos;
}

bool is_continuation(char x) {
  return (static_cast<unsigned char>(x) & 0xC0) == 0x80;
}

// Returns whether `pos` lies inside a line break or a character.
bool is_inside(std::string_view text, size_t pos) {
  return is_continuation(text[pos])
         || (text[pos - 1] == '\r' && text[pos] == '\n');
}

// Returns where the first passage of `text`, which is valid UTF-8 and longer
// than `max_bytes`, has to end.
size_t expected_end(std::string_view text, size_t max_bytes) {
  auto in_last_half = [=](size_t end) {
    return end > max_bytes / 2;
  };
  for (auto end = max_bytes; in_last_half(end); --end)
    if (text[end - 1] == '\n')
      return end;
  for (auto end = max_bytes; in_last_half(end); --end)
    if (is_space(text[end - 1]) && !is_inside(text, end))
      return end;
  auto end = max_bytes;
  while (is_inside(text, end))
    --end;
  return end;
}

passages expected(std::string_view text, size_t max_bytes) {
  passages result;
  for (size_t pos = 0; pos < text.size();) {
    auto rest = text.substr(pos);
    auto n
      = rest.size() <= max_bytes ? rest.size() : expected_end(rest, max_bytes);
    result.push_back({pos, std::string{rest.substr(0, n)}});
    pos += n;
  }
  return result;
}

// Returns whether all but the last are longer than half, and none too long.
bool sizes_fit(const passages& xs, size_t max_bytes) {
  auto is_bad = [&](const passage& x) {
    return x.text.empty() || x.text.size() > max_bytes
           || (&x != &xs.back() && x.text.size() <= max_bytes / 2);
  };
  return std::none_of(xs.begin(), xs.end(), is_bad);
}

bool offsets_fit(const passages& xs) {
  uint64_t offset = 0;
  for (auto& x : xs) {
    if (x.offset != offset)
      return false;
    offset += x.text.size();
  }
  return true;
}

// -- text to cut -------------------------------------------------------------

using pieces = std::vector<std::string>;

// Each row makes another kind of text: ASCII, long lines with few or no
// spaces, CRLF, wide characters, all sorts of white space, everything.
const std::vector<pieces> kinds{
  {"word ", "and ", "line\n", "x", "longer_word "},
  {"x", "y", "z"},
  {"aaaaaaaaaa", "bbbbbbbbbbb", " "},
  {"row\r\n", "\r\n", "\r", "\n", "cell "},
  {"aaaaaaaaaa\r\n", "\r\n", "bb", "cccc\u20AC\r\n"},
  {"\u00E4", "\u00F6", "\u0416"},
  {"\u65E5", "\u672C", "\u8A9E", "\u3000"},
  {"\U0001F600", "\U0001F680"},
  {"\t", "\v", "\f", " ", "\r", "ab"},
  {"a", "\u00E4", "\u20AC", "\U0001F600", " ", "\n", "\r\n", "\0"s},
};

std::string random_text(const pieces& kind, std::mt19937_64& random) {
  std::string result;
  for (auto n = random() % 300; n > 0; --n)
    result += kind[random() % kind.size()];
  return result;
}

std::string random_bytes(std::mt19937_64& random) {
  constexpr auto bytes = "a \r\n\x80\xBF\xC3\xE2\x82\xF0\x9F\xFF"sv;
  std::string result;
  for (auto n = random() % 600; n > 0; --n)
    result += bytes[random() % bytes.size()];
  return result;
}

} // namespace

// -- examples ----------------------------------------------------------------

TEST_CASE("an empty document has no passages") {
  passage_cutter cutter;
  cutter.feed("");
  CHECK_FALSE(cutter.next());
  CHECK_FALSE(cutter.finish());
  CHECK_FALSE(cutter.finish());
}

TEST_CASE("a document that fits is one passage") {
  CHECK(printed(cut("a short one\n", 16)) == "0:[a short one\n]");
  CHECK(printed(cut("sixteen bytes ok", 16)) == "0:[sixteen bytes ok]");
}

TEST_CASE("a passage ends after the last line break of its second half") {
  CHECK(printed(cut("one\ntwo\nthree\nfour\nfive\n", 16))
        == "0:[one\ntwo\nthree\n]14:[four\nfive\n]");
}

TEST_CASE("a line break is preferred to white space that comes later") {
  CHECK(texts(cut("0123456\n8 a b c d e f g", 16))
        == "[0123456\n8 a b c ][d e f g]");
  CHECK(texts(cut("01234567\n9 a b c d e f g", 16))
        == "[01234567\n][9 a b c d e f g]");
}

TEST_CASE("a passage ends after white space where it has no line break") {
  CHECK(texts(cut("lorem ipsum dolor sit", 16)) == "[lorem ipsum ][dolor sit]");
  CHECK(texts(cut("0123456789\t123456789", 16)) == "[0123456789\t][123456789]");
  CHECK(texts(cut("0123456789\r123456789", 16)) == "[0123456789\r][123456789]");
}

TEST_CASE("white space in the first half of a passage does not end it") {
  CHECK(texts(cut("a bc\nd 789abcdefghijk", 16))
        == "[a bc\nd 789abcdef][ghijk]");
}

TEST_CASE("a passage without white space ends between two characters") {
  CHECK(texts(cut("0123456789abcdefghijk", 16)) == "[0123456789abcdef][ghijk]");
  CHECK(texts(cut("0123456789abcde\u00E4fg", 16))
        == "[0123456789abcde][\u00E4fg]");
  CHECK(texts(cut("0123456789abcd\u20ACfg", 16))
        == "[0123456789abcd][\u20ACfg]");
  CHECK(texts(cut("0123456789abc\U0001F600fg", 16))
        == "[0123456789abc][\U0001F600fg]");
  CHECK(texts(cut("0123456789ab\U0001F600fg", 16))
        == "[0123456789ab\U0001F600][fg]");
}

TEST_CASE("a carriage return and its line feed stay together") {
  CHECK(texts(cut("0123456789abcd\r\nfg", 16)) == "[0123456789abcd\r\n][fg]");
  CHECK(texts(cut("0123456789abcde\r\nfg", 16)) == "[0123456789abcde][\r\nfg]");
  CHECK(texts(cut("0123456789 bcde\r\nfg", 16)) == "[0123456789 ][bcde\r\nfg]");
  CHECK(texts(cut("0123456789abcd\r\r\nfg", 16))
        == "[0123456789abcd\r][\r\nfg]");
}

TEST_CASE("a carriage return at the limit waits for what follows") {
  passage_cutter cutter{16};
  cutter.feed("0123456789abcde\r");
  CHECK_FALSE(cutter.next());
  cutter.feed("\n");
  auto first = cutter.next();
  REQUIRE(first);
  CHECK(first->text == "0123456789abcde");
  CHECK_FALSE(cutter.next());
  CHECK(cutter.finish()->text == "\r\n");
}

TEST_CASE("finish alone hands out everything in order") {
  passage_cutter cutter{16};
  cutter.feed("lorem ipsum dolor sit amet consectetur");
  passages all;
  take_all(cutter, all);
  CHECK(printed(all) == "0:[lorem ipsum ]12:[dolor sit amet ]27:[consectetur]");
}

TEST_CASE("a limit below 16 counts as 16") {
  auto text = "no white space here: 0123456789abcdefghijklmnopqrstuvwxyz"sv;
  for (size_t max_bytes = 0; max_bytes < 16; ++max_bytes) {
    CAPTURE(max_bytes);
    CHECK(printed(cut(text, max_bytes)) == printed(cut(text, 16)));
  }
}

TEST_CASE("a limit beyond any document makes one passage") {
  auto text = std::string(100'000, 'x') + "\n";
  CHECK(cut(text, static_cast<size_t>(-1)).size() == 1);
}

TEST_CASE("the default limit is 4096 bytes") {
  passages all;
  passage_cutter cutter;
  cutter.feed(std::string(5'000, 'x'));
  take_all(cutter, all);
  REQUIRE(all.size() == 2);
  CHECK(all[0].text.size() == 4'096);
}

// -- properties --------------------------------------------------------------

TEST_CASE("random text is cut where the rules say") {
  constexpr uint64_t seed = 20268;
  std::mt19937_64 random{seed};
  for (size_t kind = 0; kind < kinds.size(); ++kind)
    for (int round = 0; round < 100; ++round) {
      auto max_bytes = 16 + random() % 60;
      CAPTURE(seed, kind, round, max_bytes);
      auto text = random_text(kinds[kind], random);
      auto result = cut(text, max_bytes);
      REQUIRE(printed(result) == printed(expected(text, max_bytes)));
      REQUIRE(joined(result) == text);
      REQUIRE(sizes_fit(result, max_bytes));
      REQUIRE(offsets_fit(result));
    }
}

TEST_CASE("every passage of valid text is valid text") {
  constexpr uint64_t seed = 20269;
  std::mt19937_64 random{seed};
  for (auto& kind : kinds)
    for (int round = 0; round < 50; ++round) {
      CAPTURE(seed, round);
      auto max_bytes = 16 + random() % 60;
      for (auto& x : cut(random_text(kind, random), max_bytes))
        REQUIRE(is_valid_utf8(x.text));
    }
}

TEST_CASE("the cuts do not depend on the blocks that text arrives in") {
  constexpr uint64_t seed = 20270;
  std::mt19937_64 random{seed};
  for (size_t kind = 0; kind < kinds.size(); ++kind)
    for (auto max_block : {1, 5, 17, 64, 500}) {
      for (int round = 0; round < 20; ++round) {
        auto max_bytes = 16 + random() % 60;
        CAPTURE(seed, kind, max_block, round, max_bytes);
        auto text = random_text(kinds[kind], random);
        auto result = cut_in_blocks(text, max_bytes, max_block, random);
        REQUIRE(printed(result) == printed(cut(text, max_bytes)));
      }
    }
}

TEST_CASE("text that is not UTF-8 comes out byte by byte all the same") {
  constexpr uint64_t seed = 20271;
  std::mt19937_64 random{seed};
  for (int round = 0; round < 1'000; ++round) {
    auto max_bytes = 16 + random() % 60;
    CAPTURE(seed, round, max_bytes);
    auto text = random_bytes(random);
    auto result = cut_in_blocks(text, max_bytes, 100, random);
    REQUIRE(joined(result) == text);
    REQUIRE(sizes_fit(result, max_bytes));
    REQUIRE(offsets_fit(result));
    REQUIRE(printed(result) == printed(cut(text, max_bytes)));
  }
}

TEST_CASE("text of continuation bytes alone is cut at the limit") {
  CHECK(texts(cut(std::string(20, '\x80'), 16))
        == "[" + std::string(16, '\x80') + "][\x80\x80\x80\x80]");
}
