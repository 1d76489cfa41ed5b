// The chunk cutter: passages one after the other are the document, every cut is
// at a legal place, and how the document arrives makes no difference.
//
// Input: one byte for the limit, one for the size of blocks, then the document.
#include "actors/text/passage_cutter.hpp"

#include "tests/fuzz/verdict.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

using namespace onewriter;
using onewriter::test::must;

namespace {

using passages = std::vector<passage>;

passages cut(std::string_view text, size_t max_bytes) {
  passages result;
  passage_cutter cutter{max_bytes};
  cutter.feed(text);
  while (auto x = cutter.finish())
    result.push_back(std::move(*x));
  return result;
}

passages cut_in_blocks(std::string_view text, size_t max_bytes, size_t block) {
  passages result;
  passage_cutter cutter{max_bytes};
  for (; !text.empty(); text.remove_prefix(std::min(block, text.size()))) {
    cutter.feed(text.substr(0, block));
    while (auto x = cutter.next())
      result.push_back(std::move(*x));
  }
  while (auto x = cutter.finish())
    result.push_back(std::move(*x));
  return result;
}

uint8_t byte_at(std::string_view text, size_t pos) {
  return static_cast<uint8_t>(text[pos]);
}

bool is_between(uint8_t x, uint8_t low, uint8_t high) {
  return low <= x && x <= high;
}

/// Returns the size of the valid character at `pos`, or 1 where there is none:
/// table 3-7 of the Unicode standard, written down once more.
size_t character_at(std::string_view text, size_t pos) {
  auto first = byte_at(text, pos);
  auto size = is_between(first, 0xc2, 0xdf)   ? size_t{2}
              : is_between(first, 0xe0, 0xef) ? size_t{3}
              : is_between(first, 0xf0, 0xf4) ? size_t{4}
                                              : size_t{1};
  if (size == 1 || pos + size > text.size())
    return 1;
  auto low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  auto high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (!is_between(byte_at(text, pos + 1), static_cast<uint8_t>(low),
                  static_cast<uint8_t>(high)))
    return 1;
  for (size_t i = 2; i < size; ++i)
    if (!is_between(byte_at(text, pos + i), 0x80, 0xbf))
      return 1;
  return size;
}

/// Whether `pos` is inside of a valid character.
bool splits_character(std::string_view text, size_t pos) {
  for (size_t back = 1; back < 4 && back <= pos; ++back)
    if (character_at(text, pos - back) > back)
      return true;
  return false;
}

void check_cut(std::string_view text, size_t pos) {
  must(!splits_character(text, pos), "a cut inside of a character");
  must(text[pos - 1] != '\r' || text[pos] != '\n', "a cut inside of \\r\\n");
}

void check(std::string_view text, const passages& found, size_t max_bytes) {
  size_t end = 0;
  for (auto& x : found) {
    auto is_last = &x == &found.back();
    must(x.offset == end, "a gap");
    must(!x.text.empty() && x.text.size() <= max_bytes, "a passage too long");
    must(is_last || x.text.size() > max_bytes / 2, "a passage too short");
    must(text.substr(end, x.text.size()) == x.text, "another text");
    end += x.text.size();
    if (!is_last)
      check_cut(text, end);
  }
  must(end == text.size(), "the end is missing");
}

bool same(const passages& xs, const passages& ys) {
  return std::equal(
    xs.begin(), xs.end(), ys.begin(), ys.end(),
    [](auto& x, auto& y) { return x.offset == y.offset && x.text == y.text; });
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2)
    return 0;
  auto max_bytes = std::max<size_t>(data[0], passage_cutter::min_max_bytes);
  auto block = size_t{data[1]} + 1;
  std::string_view text{reinterpret_cast<const char*>(data) + 2, size - 2};
  auto found = cut(text, data[0]);
  check(text, found, max_bytes);
  must(same(found, cut_in_blocks(text, data[0], block)),
       "blocks make a difference");
  return 0;
}
