#include "app/commands/text/search_text.hpp"

#include "actors/console/format.hpp"

#include <algorithm>

namespace onewriter::node {

namespace {

// One space for all white space.
std::string on_one_line(const std::string& text) {
  std::string result;
  for (auto c : text) {
    auto is_space = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!is_space)
      result += c;
    else if (!result.empty() && result.back() != ' ')
      result += ' ';
  }
  return printable(result);
}

styled_line snippet_line(const std::string& snippet) {
  auto text = on_one_line(snippet);
  styled_line result{"    "};
  for (size_t begin = 0; begin < text.size();) {
    auto is_match = text[begin] == '[';
    auto end = is_match ? text.find(']', begin) : text.find('[', begin + 1);
    auto size = end == text.npos ? end : end - begin + (is_match ? 1 : 0);
    auto part = text.substr(begin, size);
    result.add(part, is_match ? style::accent : style::plain);
    begin += part.size();
  }
  return result;
}

} // namespace

std::string expression_of(const std::vector<std::string>& words) {
  std::string result;
  for (auto& word : words) {
    result += result.empty() ? "\"" : " \"";
    for (auto c : word)
      result.append(c == '"' ? 2 : 1, c);
    result += '"';
  }
  return result;
}

std::vector<styled_line> hit_lines(const std::vector<search_hit>& hits) {
  std::vector<styled_line> result;
  for (auto& x : hits) {
    styled_line title{printable(x.key), style::bold};
    title.add("  at byte " + with_separators(x.offset), style::dim);
    result.push_back(std::move(title));
    result.push_back(snippet_line(x.snippet));
  }
  return result;
}

json hit_json(const search_hit& x) {
  return {
    {"key", x.key},
    {"offset", x.offset},
    {"rank", x.rank},
    {"snippet", x.snippet},
  };
}

} // namespace onewriter::node
