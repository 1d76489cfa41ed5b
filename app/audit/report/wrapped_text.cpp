#include "app/audit/report/wrapped_text.hpp"

#include "actors/console/format.hpp"

#include <sstream>

namespace onewriter::node {

std::vector<std::string> wrapped(std::string_view text, size_t columns) {
  std::vector<std::string> result;
  std::istringstream words{std::string{text}};
  for (std::string word; words >> word;) {
    auto fits = !result.empty()
                && columns_of(result.back()) + 1 + columns_of(word) <= columns;
    if (fits)
      result.back() += ' ' + word;
    else
      result.push_back(word);
  }
  return result;
}

} // namespace onewriter::node
