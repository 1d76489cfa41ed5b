#include "tests/power/document_text.hpp"

#include <map>
#include <mutex>

namespace onewriter::test {

namespace {

void write_text(uint64_t version, std::string& to) {
  constexpr size_t bytes = 100'000;
  for (uint64_t i = version; to.size() < bytes; ++i) {
    to += "word" + std::to_string(i * 7'919 % 997);
    // Lines are shorter than half of a passage.
    to += i % 50 == 0 ? " " + word_of(version) + " " + common_word + "\n"
                      : std::string{" "};
  }
}

} // namespace

std::string word_of(uint64_t version) {
  return "version" + std::to_string(version);
}

const std::string& document_text(uint64_t version) {
  static std::mutex mutex;
  static std::map<uint64_t, std::string> texts;
  std::lock_guard guard{mutex};
  auto& result = texts[version];
  if (result.empty())
    write_text(version, result);
  return result;
}

} // namespace onewriter::test
