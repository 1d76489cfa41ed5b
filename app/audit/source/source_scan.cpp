#include "app/audit/source/source_scan.hpp"

#include "actors/console/format.hpp"
#include "app/audit/gather/file_reading.hpp"
#include "app/audit/source/source_patterns.hpp"
#include "app/core/file_walk.hpp"

#include <algorithm>

namespace onewriter::node {

namespace {

constexpr uint64_t most_source_bytes = 4 << 20;
constexpr size_t most_line_columns = 200;
// As git does.
constexpr size_t binary_sample_bytes = 8'000;

constexpr std::string_view foreign_folders[]
  = {"/.git/", "/.hg/", "/.svn/", "/node_modules/", "/.venv/", "/__pycache__/"};

// Below `root`, which may be in such a folder itself.
bool is_foreign(std::string_view path, size_t root_size) {
  auto below = path.substr(root_size);
  return std::any_of(
    std::begin(foreign_folders), std::end(foreign_folders),
    [&](std::string_view name) { return below.find(name) != below.npos; });
}

bool is_binary(std::string_view content) {
  return content.substr(0, binary_sample_bytes).find('\0') != content.npos;
}

std::string trimmed(std::string_view line) {
  constexpr auto spaces = " \t\r";
  auto start = std::min(line.find_first_not_of(spaces), line.size());
  line.remove_prefix(start);
  auto end = line.find_last_not_of(spaces);
  line = line.substr(0, end == line.npos ? 0 : end + 1);
  return printable(first_columns(line, most_line_columns));
}

// Most files have nothing to do with SQLite.
bool mentions_sqlite(std::string_view content) {
  constexpr std::string_view words[] = {"sqlite",
                                        "SQLite",
                                        "Sqlite",
                                        "SQLITE",
                                        "openOrCreateDatabase",
                                        "Room.databaseBuilder",
                                        "DatabaseSync",
                                        "DatabaseQueue",
                                        "DatabasePool"};
  return std::any_of(
    std::begin(words), std::end(words),
    [&](std::string_view word) { return content.find(word) != content.npos; });
}

void scan_file(const file_walk::entry& file, source_places& to) {
  read_only_file from{file.path};
  if (file.size > most_source_bytes || !from.is_open()) {
    ++to.skipped;
    return;
  }
  auto content = from.read(0, file.size);
  if (is_binary(content))
    return;
  ++to.files;
  for (auto& place : places_in(file.path, content))
    to.places.push_back(std::move(place));
}

} // namespace

std::vector<source_place> places_in(const std::string& path,
                                    std::string_view content) {
  std::vector<source_place> result;
  if (!mentions_sqlite(content))
    return result;
  uint64_t number = 0;
  for (size_t at = 0; at < content.size();) {
    auto end = std::min(content.find('\n', at), content.size());
    auto line = content.substr(at, end - at);
    ++number;
    if (auto pattern = pattern_of(line, content))
      result.push_back(
        {path, number, std::string{pattern->library}, trimmed(line)});
    at = end + 1;
  }
  return result;
}

source_places scan_source(const std::string& folder) {
  source_places result;
  file_walk walk{folder, ""};
  while (auto file = walk.next())
    if (!is_foreign(file->path, folder.size()))
      scan_file(*file, result);
  return result;
}

} // namespace onewriter::node
