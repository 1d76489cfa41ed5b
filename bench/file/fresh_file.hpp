#pragma once

#include <filesystem>
#include <string>
#include <system_error>

namespace onewriter::bench {

/// A path for a database that does not exist yet; the destructor removes the
/// files that are there then.
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
  // A file that cannot be removed is an error when it is opened.
  void remove() noexcept {
    std::error_code ignored;
    for (auto suffix : {"", "-wal", "-shm", "-owner"})
      std::filesystem::remove(path_ + suffix, ignored);
  }

  std::string path_;
};

} // namespace onewriter::bench
