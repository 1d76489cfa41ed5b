#pragma once

#include <filesystem>
#include <string>
#include <system_error>

namespace onewriter::bench {

/// A path for a database that does not exist yet; whatever is there is removed
/// in the end.
class fresh_file {
public:
  explicit fresh_file(const std::string& folder)
    : path_{(std::filesystem::path{folder} / "onewriter-bench.db").string()} {
    remove();
  }

  fresh_file(const fresh_file&) = delete;

  fresh_file& operator=(const fresh_file&) = delete;

  ~fresh_file() {
    remove();
  }

  const std::string& path() const {
    return path_;
  }

private:
  // What cannot be removed is found by whoever opens the file.
  void remove() noexcept {
    std::error_code ignored;
    for (auto suffix : {"", "-wal", "-shm", "-owner"})
      std::filesystem::remove(path_ + suffix, ignored);
  }

  std::string path_;
};

} // namespace onewriter::bench
