#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

namespace onewriter::test {

/// A folder of its own for a test, removed with all that is in it.
class temp_folder {
public:
  temp_folder() {
    auto pattern
      = (std::filesystem::temp_directory_path() / "onewriter-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
      throw std::runtime_error("cannot create the folder " + pattern);
    path_ = std::filesystem::canonical(pattern).string();
  }

  temp_folder(const temp_folder&) = delete;

  temp_folder& operator=(const temp_folder&) = delete;

  ~temp_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  /// Absolute, without symbolic links.
  const std::string& path() const {
    return path_;
  }

  /// Returns the path of a file in the folder, which need not exist.
  std::string file(const std::string& name) const {
    return path_ + "/" + name;
  }

private:
  std::string path_;
};

} // namespace onewriter::test
