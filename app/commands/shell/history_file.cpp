#include "app/commands/shell/history_file.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace onewriter::node {

namespace fs = std::filesystem;

namespace {

// Creates the folders of `path` for the user alone, as the specification says.
void make_folders(const fs::path& path) {
  if (path.empty() || path == path.root_path())
    return;
  make_folders(path.parent_path());
  // Most are there already.
  static_cast<void>(::mkdir(path.c_str(), 0700));
}

void write_text(const std::string& path, int flags, const std::string& text) {
  auto file
    = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
  if (file < 0)
    return;
  auto ignored = ::write(file, text.data(), text.size());
  static_cast<void>(ignored);
  ::close(file);
}

} // namespace

std::vector<std::string> history_file::load() const {
  std::vector<std::string> result;
  if (path_.empty())
    return result;
  std::ifstream in{path_};
  for (std::string line; std::getline(in, line);)
    result.push_back(std::move(line));
  constexpr size_t most = max_lines;
  if (result.size() <= most)
    return result;
  auto is_long = result.size() > 2 * most;
  result.erase(result.begin(),
               result.end() - static_cast<std::ptrdiff_t>(most));
  if (is_long) {
    std::string text;
    for (auto& line : result)
      text += line + '\n';
    write_text(path_, O_TRUNC, text);
  }
  return result;
}

void history_file::append(const std::string& line) const {
  if (path_.empty())
    return;
  make_folders(fs::path{path_}.parent_path());
  write_text(path_, O_APPEND, line + '\n');
}

std::string history_path() {
  auto variable = [](const char* name) -> std::string {
    auto value = std::getenv(name);
    // Relative paths are to be ignored.
    return value != nullptr && *value == '/' ? value : "";
  };
  if (auto state = variable("XDG_STATE_HOME"); !state.empty())
    return state + "/onewriter/history";
  auto home = variable("HOME");
  return home.empty() ? "" : home + "/.local/state/onewriter/history";
}

} // namespace onewriter::node
