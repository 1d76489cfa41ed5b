#include "tests/fault/inject/synced_log.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace onewriter::test {

void synced_log::keep(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  path_ = path;
  content_.assign(std::istreambuf_iterator<char>{file}, {});
}

void synced_log::restore(const std::string& copy,
                         const std::string& path) const {
  auto content = path == path_ ? content_ : std::string{};
  std::fstream file{copy, std::ios::binary | std::ios::in | std::ios::out};
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  file.close();
  std::filesystem::resize_file(copy, content.size());
}

void synced_log::clear() {
  path_.clear();
  content_.clear();
}

} // namespace onewriter::test
