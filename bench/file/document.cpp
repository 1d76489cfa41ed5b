#include "bench/file/document.hpp"

#include "actors/console/format.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace onewriter::bench {

namespace {

namespace fs = std::filesystem;

constexpr auto document_prefix = "document-";

constexpr size_t vocabulary_size = 20'000;

std::string random_word(std::mt19937_64& random) {
  std::string result(2 + random() % 9, ' ');
  for (auto& letter : result)
    letter = static_cast<char>('a' + random() % 26);
  return result;
}

// The word of rank n comes about as often as 1/n (Zipf's law).
size_t random_rank(std::mt19937_64& random) {
  auto share = static_cast<double>(random() >> 11) / 9007199254740992.0;
  return static_cast<size_t>(
    std::pow(static_cast<double>(vocabulary_size), share) - 1);
}

void write_words(std::ostream& to, uint64_t bytes, uint64_t seed) {
  std::mt19937_64 random{seed};
  std::vector<std::string> vocabulary;
  for (size_t i = 0; i < vocabulary_size; ++i)
    vocabulary.push_back(random_word(random));
  std::string line;
  while (bytes > 0) {
    line.clear();
    while (line.size() < 70)
      line += vocabulary[random_rank(random)] + ' ';
    line.back() = '\n';
    line.resize(std::min<uint64_t>(line.size(), bytes));
    to << line;
    bytes -= line.size();
  }
}

} // namespace

std::string document_in(const std::string& folder, uint64_t bytes,
                        uint64_t seed) {
  auto path
    = fs::path{folder}
      / (document_prefix + std::to_string(seed) + "-" + std::to_string(bytes));
  std::error_code missing;
  if (fs::file_size(path, missing) == bytes && !missing)
    return path.string();
  std::ofstream to{path, std::ios::binary};
  write_words(to, bytes, seed);
  to.close();
  if (!to)
    throw std::runtime_error{"cannot write a document of " + format_bytes(bytes)
                             + " to " + folder};
  return path.string();
}

} // namespace onewriter::bench
