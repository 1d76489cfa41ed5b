#include "bench/command_line.hpp"

#include <string_view>

namespace onewriter::bench {

namespace {

bool asks_for_help(std::string_view word) {
  return word == "-h" || word == "-?" || word == "--help"
         || word == "--long-help";
}

// `-s 2`, in two words.
bool has_its_value_next(std::string_view option) {
  return option.size() == 2
         && std::string_view{"-h?j"}.find(option[1]) == option.npos;
}

} // namespace

command_line::command_line(int argc, char** argv)
  : ordered_(argv, argv + (argc > 0 ? 1 : 0)) {
  std::vector<char*> words;
  for (auto i = 1; i < argc; ++i) {
    if (asks_for_help(argv[i])) {
      ordered_ = {argv[0], argv[i]};
      problem_.clear();
      return;
    }
    if (argv[i][0] != '-') {
      words.push_back(argv[i]);
      continue;
    }
    ordered_.push_back(argv[i]);
    if (!has_its_value_next(argv[i]))
      continue;
    if (i + 1 < argc)
      ordered_.push_back(argv[++i]);
    else
      problem_ = std::string{argv[i]} + " requires a value";
  }
  ordered_.insert(ordered_.end(), words.begin(), words.end());
}

std::vector<std::string> command_line::group_options() const {
  std::vector<std::string> result;
  for (std::string_view word : ordered_)
    if (word.rfind("--", 0) == 0
        && word.substr(0, word.find('=')).find('.') != word.npos)
      result.emplace_back(word);
  return result;
}

} // namespace onewriter::bench
