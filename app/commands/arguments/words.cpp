#include "app/commands/arguments/words.hpp"

#include <string_view>

namespace onewriter::node {

namespace {

// No option begins with it.
constexpr char mark = '\x01';

bool has_meaning(const std::string& word) {
  constexpr std::string_view first_characters = "[{\x01";
  return word == "++"
         || (!word.empty()
             && first_characters.find(word.front()) != std::string_view::npos);
}

} // namespace

std::vector<std::string> protect(const std::vector<std::string>& words) {
  std::vector<std::string> result;
  auto literal = false;
  for (auto& word : words)
    if (!literal && word == "--")
      literal = true;
    else if (literal || has_meaning(word))
      result.push_back(mark + word);
    else
      result.push_back(word);
  return result;
}

std::string plain(const std::string& word) {
  return !word.empty() && word.front() == mark ? word.substr(1) : word;
}

} // namespace onewriter::node
