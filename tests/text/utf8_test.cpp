#include "actors/text/utf8.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace onewriter;
using namespace std::literals;

namespace {

// -- a slow reference that knows code points instead of ranges of bytes ------

// Writes `x` in `size` bytes, whether or not that is its shortest form.
std::string encode(uint32_t x, size_t size) {
  if (size == 1)
    return std::string(1, static_cast<char>(x));
  std::string result(size, '\0');
  for (auto i = size - 1; i > 0; --i, x >>= 6)
    result[i] = static_cast<char>(0x80 | (x & 0x3F));
  result[0] = static_cast<char>((0xF00 >> size & 0xFF) | x);
  return result;
}

size_t shortest_size(uint32_t x) {
  return x < 0x80 ? 1 : x < 0x800 ? 2 : x < 0x10000 ? 3 : 4;
}

std::string encode(uint32_t x) {
  return encode(x, shortest_size(x));
}

bool is_scalar_value(uint32_t x) {
  return x <= 0x10FFFF && (x < 0xD800 || x > 0xDFFF);
}

// Returns the size of the valid character that `text` begins with, or 0.
size_t first_character(std::string_view text) {
  for (size_t size = 1; size <= 4 && size <= text.size(); ++size) {
    // The bits of the first byte that do not say how long the character is.
    auto bits = size == 1 ? 0x7Fu : 0x7Fu >> size;
    auto x = static_cast<unsigned char>(text[0]) & bits;
    for (size_t i = 1; i < size; ++i)
      x = x << 6 | (static_cast<unsigned char>(text[i]) & 0x3F);
    if (is_scalar_value(x) && shortest_size(x) == size
        && encode(x) == text.substr(0, size))
      return size;
  }
  return 0;
}

bool is_valid_reference(std::string_view text) {
  while (!text.empty()) {
    auto n = first_character(text);
    if (n == 0)
      return false;
    text.remove_prefix(n);
  }
  return true;
}

// Returns whether `bytes` and one to three bytes more can be one character.
bool can_become_character(const std::string& bytes) {
  for (auto second : {'\x80', '\x90', '\xA0', '\xBF'})
    for (auto more : {"", "\x80", "\x80\x80"}) {
      auto text = bytes;
      text.append(1, second).append(more);
      if (first_character(text) == text.size())
        return true;
    }
  return false;
}

size_t complete_prefix_reference(const std::string& text) {
  for (size_t n = 1; n <= 3 && n <= text.size(); ++n)
    if (can_become_character(text.substr(text.size() - n)))
      return text.size() - n;
  return text.size();
}

// -- text to try -------------------------------------------------------------

// The first and the last byte of each range that the standard distinguishes.
constexpr auto edge_bytes
  = "\x00\x7F\x80\x8F\x90\x9F\xA0\xBF\xC0\xC1\xC2\xDF\xE0\xE1\xEC\xED\xEE\xEF"
    "\xF0\xF1\xF3\xF4\xF5\xF7\xF8\xFF"sv;

// Returns all texts of up to `max_size` bytes that consist of edge bytes.
std::vector<std::string> edge_texts(size_t max_size) {
  std::vector<std::string> result{""};
  for (size_t i = 0; result[i].size() < max_size; ++i)
    for (auto byte : edge_bytes)
      result.push_back(result[i] + byte);
  return result;
}

// Returns a random byte, most often one at an edge.
char random_byte(std::mt19937_64& random) {
  if (random() % 4 == 0)
    return static_cast<char>(random() % 256);
  return edge_bytes[random() % edge_bytes.size()];
}

std::string random_bytes(std::mt19937_64& random, size_t size) {
  std::string result;
  while (result.size() < size)
    result += random_byte(random);
  return result;
}

std::string random_character(std::mt19937_64& random) {
  constexpr uint32_t limits[] = {0x80, 0x800, 0x10000, 0x110000};
  auto limit = limits[random() % 4];
  auto x = static_cast<uint32_t>(random() % limit);
  return is_scalar_value(x) ? encode(x) : "x";
}

std::string random_text(std::mt19937_64& random, size_t characters) {
  std::string result;
  for (size_t i = 0; i < characters; ++i)
    result += random() % 3 == 0 ? std::string(random() % 20, 'a')
                                : random_character(random);
  return result;
}

// Returns valid text with a byte replaced in every second case.
std::string random_candidate(std::mt19937_64& random) {
  auto result = random_text(random, random() % 30);
  if (!result.empty() && random() % 2 == 0)
    result[random() % result.size()] = random_byte(random);
  return result;
}

// -- ways to validate --------------------------------------------------------

bool is_valid_in_two(std::string_view text, size_t cut) {
  utf8_validator validator;
  validator.feed(text.substr(0, cut));
  validator.feed(text.substr(cut));
  return validator.finish();
}

// Feeds blocks of up to `max_block` bytes, some of them empty.
bool is_valid_in_blocks(std::string_view text, size_t max_block,
                        std::mt19937_64& random) {
  utf8_validator validator;
  while (!text.empty()) {
    auto n = std::min<size_t>(random() % (max_block + 1), text.size());
    validator.feed(text.substr(0, n));
    text.remove_prefix(n);
  }
  return validator.finish();
}

} // namespace

// -- is_valid_utf8 -----------------------------------------------------------

TEST_CASE("empty text, ASCII, NULs and byte order marks are valid UTF-8") {
  CHECK(is_valid_utf8(""));
  CHECK(is_valid_utf8(std::string_view{}));
  CHECK(is_valid_utf8("plain text\r\n\x7F"));
  CHECK(is_valid_utf8("a\0b"sv));
  CHECK(is_valid_utf8("\xEF\xBB\xBF"
                      "after a mark"));
  CHECK(is_valid_utf8("\xEF\xBF\xBE\xEF\xBF\xBF"));
}

TEST_CASE("every code point but the surrogates is valid UTF-8") {
  for (uint32_t x = 0; x <= 0x10FFFF; ++x)
    if (is_valid_utf8(encode(x)) != is_scalar_value(x)) {
      CAPTURE(x);
      FAIL("wrong verdict");
    }
}

TEST_CASE("no code point beyond U+10FFFF is valid UTF-8") {
  for (uint32_t x = 0x110000; x <= 0x1FFFFF; ++x)
    if (is_valid_utf8(encode(x, 4))) {
      CAPTURE(x);
      FAIL("wrong verdict");
    }
}

TEST_CASE("a code point in more bytes than it needs is not valid UTF-8") {
  for (uint32_t x = 0; x <= 0xFFFF; ++x)
    for (auto size = shortest_size(x) + 1; size <= 4; ++size)
      if (is_valid_utf8(encode(x, size))) {
        CAPTURE(x, size);
        FAIL("wrong verdict");
      }
}

TEST_CASE("up to four bytes at the edges of all ranges get the right verdict") {
  for (auto& text : edge_texts(4))
    if (is_valid_utf8(text) != is_valid_reference(text)) {
      CAPTURE(text);
      FAIL("wrong verdict");
    }
}

TEST_CASE("one bad byte is found wherever it stands in ASCII text") {
  for (size_t size = 1; size <= 40; ++size)
    for (size_t bad = 0; bad < size; ++bad)
      for (auto byte : {'\x80', '\xC2', '\xE1', '\xF1', '\xFF'}) {
        CAPTURE(size, bad, byte);
        std::string text(size, 'a');
        text[bad] = byte;
        REQUIRE_FALSE(is_valid_utf8(text));
      }
}

TEST_CASE("one character is valid wherever it stands in ASCII text") {
  for (size_t size = 0; size <= 40; ++size)
    for (size_t at = 0; at <= size; ++at)
      for (auto character : {"\u00E4", "\u20AC", "\U0001F600"}) {
        CAPTURE(size, at, character);
        std::string text(size, 'a');
        text.insert(at, character);
        REQUIRE(is_valid_utf8(text));
      }
}

TEST_CASE("the halves of a character do not meet across ASCII text") {
  for (size_t before = 0; before <= 20; ++before)
    for (size_t between = 1; between <= 20; ++between) {
      CAPTURE(before, between);
      std::string text(before, 'a');
      text.append("\xC3").append(between, 'b').append("\xA4");
      REQUIRE_FALSE(is_valid_utf8(text));
    }
}

TEST_CASE("random bytes get the verdict that the slow reference gives") {
  constexpr uint64_t seed = 20262;
  std::mt19937_64 random{seed};
  for (int round = 0; round < 50'000; ++round) {
    CAPTURE(seed, round);
    auto text = random_bytes(random, random() % 12);
    REQUIRE(is_valid_utf8(text) == is_valid_reference(text));
  }
}

TEST_CASE("damaged text gets the verdict that the slow reference gives") {
  constexpr uint64_t seed = 20263;
  std::mt19937_64 random{seed};
  int valid = 0;
  for (int round = 0; round < 20'000; ++round) {
    CAPTURE(seed, round);
    auto text = random_candidate(random);
    auto expected = is_valid_reference(text);
    REQUIRE(is_valid_utf8(text) == expected);
    valid += expected ? 1 : 0;
  }
  // Both verdicts were seen often.
  CHECK((valid > 5'000 && valid < 19'000));
}

// -- complete_prefix ---------------------------------------------------------

TEST_CASE("complete_prefix leaves out the character that the end cuts off") {
  CHECK(complete_prefix("") == 0);
  CHECK(complete_prefix("abc") == 3);
  CHECK(complete_prefix("a\xC3") == 1);
  CHECK(complete_prefix("a\xC3\xA4") == 3);
  CHECK(complete_prefix("a\xE2\x82") == 1);
  CHECK(complete_prefix("a\xE2\x82\xAC") == 4);
  CHECK(complete_prefix("a\xF0\x9F\x98") == 1);
  CHECK(complete_prefix("a\xF0\x9F\x98\x80") == 5);
  CHECK(complete_prefix("\xF4\x8F") == 0);
}

TEST_CASE("complete_prefix leaves out nothing that cannot become valid") {
  // Stray continuations, bytes that begin nothing, overlong forms, a
  // surrogate, a code point that is too large.
  for (auto end : {"\x80", "\xBF\xBF\xBF\xBF", "\xC0", "\xC1", "\xF5", "\xFF",
                   "\xE0\x9F", "\xF0\x8F", "\xED\xA0", "\xF4\x90", "\xC3\xFF"})
    CHECK(complete_prefix("a"s + end) == 1 + std::string_view{end}.size());
}

TEST_CASE("complete_prefix looks at the last character only") {
  CHECK(complete_prefix("\xFF\xFF ok") == 5);
  CHECK(complete_prefix("\xF0\x9F\x98\xE2") == 3);
}

TEST_CASE("complete_prefix knows what up to three bytes can become") {
  for (auto& text : edge_texts(3))
    if (complete_prefix(text) != complete_prefix_reference(text)) {
      CAPTURE(text);
      FAIL("wrong size");
    }
}

TEST_CASE("complete_prefix of cut text ends where a character ends") {
  constexpr uint64_t seed = 20264;
  std::mt19937_64 random{seed};
  for (int round = 0; round < 300; ++round) {
    auto text = random_text(random, 20);
    size_t boundary = 0;
    for (size_t cut = 0; cut <= text.size(); ++cut) {
      CAPTURE(seed, round, cut);
      auto prefix = text.substr(0, cut);
      boundary = is_valid_reference(prefix) ? cut : boundary;
      REQUIRE(complete_prefix(prefix) == boundary);
    }
  }
}

TEST_CASE("complete_prefix of random bytes is what the reference finds") {
  constexpr uint64_t seed = 20265;
  std::mt19937_64 random{seed};
  for (int round = 0; round < 20'000; ++round) {
    CAPTURE(seed, round);
    auto text = random_bytes(random, random() % 12);
    REQUIRE(complete_prefix(text) == complete_prefix_reference(text));
  }
}

// -- utf8_validator ----------------------------------------------------------

TEST_CASE("a validator that got nothing finds it valid") {
  utf8_validator validator;
  CHECK(validator.finish());
  CHECK(validator.feed(""));
  CHECK(validator.finish());
}

TEST_CASE("a validator accepts characters that blocks cut in two") {
  utf8_validator validator;
  CHECK(validator.feed("a\xF0\x9F"));
  CHECK(validator.feed(""));
  CHECK(validator.feed("\x98"));
  CHECK(validator.feed("\x80z"));
  CHECK(validator.finish());
}

TEST_CASE("a validator rejects text that ends inside a character") {
  utf8_validator validator;
  CHECK(validator.feed("a\xE2\x82"));
  CHECK_FALSE(validator.finish());
}

TEST_CASE("a validator reports the first block that cannot be mended") {
  utf8_validator validator;
  CHECK(validator.feed("fine \xE0"));
  CHECK_FALSE(validator.feed("\x9F"));
  CHECK_FALSE(validator.feed("fine again, and long enough for a chunk"));
  CHECK_FALSE(validator.finish());
}

TEST_CASE("a finished validator starts again from nothing") {
  utf8_validator validator;
  validator.feed("\xFF");
  CHECK_FALSE(validator.finish());
  CHECK(validator.feed("fine"));
  CHECK(validator.finish());
  validator.feed("\xC3");
  CHECK_FALSE(validator.finish());
  CHECK_FALSE(validator.feed("\xA4"));
}

TEST_CASE("a validator does not care where text is split in two") {
  constexpr uint64_t seed = 20266;
  std::mt19937_64 random{seed};
  for (int round = 0; round < 500; ++round) {
    auto text = random_candidate(random);
    for (size_t cut = 0; cut <= text.size(); ++cut) {
      CAPTURE(seed, round, cut);
      REQUIRE(is_valid_in_two(text, cut) == is_valid_utf8(text));
    }
  }
}

TEST_CASE("a validator does not care about the blocks that text arrives in") {
  constexpr uint64_t seed = 20267;
  std::mt19937_64 random{seed};
  for (auto max_block : {1, 2, 7, 8, 9, 50})
    for (int round = 0; round < 1'000; ++round) {
      CAPTURE(seed, max_block, round);
      auto text = random_candidate(random);
      REQUIRE(is_valid_in_blocks(text, max_block, random)
              == is_valid_utf8(text));
    }
}
