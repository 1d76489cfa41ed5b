#include "app/demo/content/word_picker.hpp"

#include <algorithm>
#include <random>

namespace onewriter::node {

namespace {

constexpr size_t shortest = 5;
constexpr size_t longest = 20;
constexpr std::string_view spaces = " \t\n\r\v\f";

bool is_word(std::string_view x) {
  auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  return x.size() >= shortest && x.size() <= longest
         && std::all_of(x.begin(), x.end(), is_letter);
}

// Calls `visit` for each run of other characters between two spaces.
template <class Visitor>
void for_each_word(std::string_view text, Visitor visit) {
  auto space = text.find_first_of(spaces);
  while (space != text.npos) {
    auto next = text.find_first_of(spaces, space + 1);
    if (next == text.npos)
      return;
    visit(text.substr(space + 1, next - space - 1));
    space = next;
  }
}

} // namespace

std::vector<std::string> pick_words(std::string_view text, size_t count,
                                    uint32_t seed) {
  std::vector<std::string> result;
  std::minstd_rand random{seed};
  size_t seen = 0;
  // Reservoir sampling: each word replaces another with the right probability.
  for_each_word(text, [&](std::string_view word) {
    if (count == 0 || !is_word(word)
        || std::find(result.begin(), result.end(), word) != result.end())
      return;
    auto place = random() % ++seen;
    if (result.size() < count)
      result.emplace_back(word);
    else if (place < count)
      result[place] = word;
  });
  return result;
}

} // namespace onewriter::node
