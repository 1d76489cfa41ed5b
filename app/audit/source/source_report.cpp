#include "app/audit/source/source_report.hpp"

#include "actors/console/format.hpp"

#include <set>

#include <nlohmann/json.hpp>

namespace onewriter::node {

namespace {

constexpr size_t source_columns = 80;

std::string relative(const std::string& folder, const std::string& path) {
  if (path.size() <= folder.size())
    return path;
  auto result = path.substr(folder.size());
  return result.front() == '/' ? result.substr(1) : result;
}

size_t file_count(const source_places& found) {
  std::set<std::string> paths;
  for (auto& x : found.places)
    paths.insert(x.path);
  return paths.size();
}

void add_place(std::vector<styled_line>& to, const std::string& folder,
               const source_place& x) {
  constexpr size_t indent = 4;
  styled_line where{"  "};
  where
    .add(printable(relative(folder, x.path)) + ":" + std::to_string(x.line),
         style::accent)
    .add("  " + x.library, style::dim);
  to.push_back(std::move(where));
  styled_line text;
  text.pad_to(indent).add(first_columns(x.text, source_columns - indent));
  to.push_back(std::move(text));
}

styled_line source_verdict(const source_places& found) {
  styled_line result{"onewriter audit: ", style::bold};
  if (found.places.empty())
    return result.add("no place opens SQLite for writing", style::good);
  return result.add(format_count(found.places.size(), "place") + " in "
                      + format_count(file_count(found), "file")
                      + (found.places.size() == 1 ? " opens" : " open")
                      + " SQLite for writing",
                    style::warning);
}

} // namespace

std::vector<styled_line> source_report(const std::string& folder,
                                       const source_places& found) {
  std::vector<styled_line> result{source_verdict(found)};
  result.emplace_back();
  for (auto& x : found.places)
    add_place(result, folder, x);
  if (!found.places.empty())
    result.emplace_back();
  auto skipped = found.skipped == 0 ? ""
                                    : "; " + with_separators(found.skipped)
                                        + " too large or not readable";
  result.push_back(
    {format_count(found.files, "text") + " searched" + skipped + ".",
     style::dim});
  if (!found.places.empty())
    result.push_back({"Look through them: two that open the same file fight "
                      "for it."});
  return result;
}

std::string source_json(const std::string& folder, const source_places& found) {
  auto places = nlohmann::ordered_json::array();
  for (auto& x : found.places)
    places.push_back({
      {"path", relative(folder, x.path)},
      {"line", x.line},
      {"library", x.library},
      {"text", x.text},
    });
  nlohmann::ordered_json result{
    {"source", folder},
    {"files", found.files},
    {"skipped", found.skipped},
    {"places", places},
  };
  // Names of files are not always UTF-8.
  return result.dump(2, ' ', false,
                     nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace onewriter::node
