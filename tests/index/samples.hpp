#pragma once

#include <cstdint>
#include <fstream>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace onewriter::test {

inline void write_file(const std::string& path, const std::string& content) {
  std::ofstream file{path, std::ios::binary | std::ios::trunc};
  file << content;
  if (!file.flush())
    throw std::runtime_error("cannot write " + path);
}

/// Returns words and lines of exactly `bytes` bytes, the same each time.
inline std::string sample_text(size_t bytes) {
  std::string result;
  result.reserve(bytes + 16);
  for (uint64_t i = 0; result.size() < bytes; ++i)
    result += "word" + std::to_string(i * 7'919 % 10'007)
              + (i % 11 == 10 ? "\n" : " ");
  result.resize(bytes);
  return result;
}

/// Returns a text of words and separators, picked at random.
inline std::string random_text(const std::vector<std::string>& words,
                               const std::vector<std::string>& separators,
                               size_t count, std::mt19937_64& random) {
  std::string result;
  for (size_t i = 0; i < count; ++i) {
    result += words[random() % words.size()];
    result += separators[random() % separators.size()];
  }
  return result;
}

} // namespace onewriter::test
