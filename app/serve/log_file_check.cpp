#include "app/serve/log_file_check.hpp"

#include <filesystem>
#include <system_error>

namespace onewriter::node {

namespace {

namespace fs = std::filesystem;

// Also where the file is still to be created.
bool is_same_file(const fs::path& x, const fs::path& y) {
  std::error_code ignored;
  if (fs::equivalent(x, y, ignored))
    return true;
  auto full = [&ignored](const fs::path& path) {
    return fs::weakly_canonical(fs::absolute(path, ignored), ignored);
  };
  return full(x) == full(y);
}

} // namespace

std::string problem_of_log_file(const std::string& log,
                                const std::vector<std::string>& files) {
  if (log.empty())
    return {};
  for (auto& file : files)
    for (auto end : {"", "-wal", "-shm", "-journal", "-owner"})
      if (is_same_file(log, file + end))
        return "the log file " + log + " belongs to the database " + file
               + ": name another one";
  return {};
}

} // namespace onewriter::node
