#include "tests/crash/document.hpp"

#include "onewriter/failure.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace onewriter::test {

namespace {

constexpr auto index_name = "documents";
constexpr auto suffix = ".txt";
constexpr size_t document_bytes = 2'000'000;

} // namespace

void write_document(const std::string& folder, const std::string& name) {
  std::string text;
  for (auto line = 1; text.size() < document_bytes; ++line)
    text += name + " line " + std::to_string(line) + " of many words\n";
  std::ofstream file{folder + "/" + name + suffix, std::ios::binary};
  file << text;
  if (!file.flush())
    throw std::runtime_error{"cannot write the document " + name};
}

chunked_index indexing_of(const std::string& folder, const std::string& name) {
  chunked_index result;
  result.index = index_name;
  result.key = name;
  result.path = folder + "/" + name + suffix;
  return result;
}

std::vector<std::string> documents_in(const std::string& folder) {
  std::vector<std::string> result;
  for (auto& entry : std::filesystem::directory_iterator{folder})
    if (entry.path().extension() == suffix)
      result.push_back(entry.path().stem().string());
  std::sort(result.begin(), result.end());
  return result;
}

uint64_t passages_found(client& db, const std::string& name) {
  search what;
  what.index = index_name;
  what.expression = name;
  what.max_hits = 10'000;
  auto found = db.search(what);
  if (found)
    return found->hits.size();
  if (found.error() == ec::no_such_index)
    return 0;
  throw std::runtime_error{describe(found.error())};
}

} // namespace onewriter::test
