#include "app/core/file_walk.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include <dirent.h>
#include <sys/stat.h>

namespace onewriter::node {

namespace {

struct folder_closer {
  void operator()(DIR* x) const {
    ::closedir(x);
  }
};

std::vector<std::string> names_in(const std::string& path) {
  std::vector<std::string> result;
  std::unique_ptr<DIR, folder_closer> folder{::opendir(path.c_str())};
  if (!folder)
    return result;
  while (auto x = ::readdir(folder.get())) {
    std::string name = x->d_name;
    if (name != "." && name != "..")
      result.push_back(std::move(name));
  }
  std::sort(result.begin(), result.end(), std::greater<>{});
  return result;
}

std::string joined(const std::string& folder, const std::string& name) {
  return !folder.empty() && folder.back() == '/' ? folder + name
                                                 : folder + '/' + name;
}

} // namespace

file_walk::file_walk(std::string root, std::string excluded)
  : excluded_{std::move(excluded)} {
  struct stat info;
  for (auto suffix : {"", "-wal", "-shm"})
    if (::stat((excluded_ + suffix).c_str(), &info) == 0)
      excluded_numbers_.push_back(info.st_ino);
  if (::stat(root.c_str(), &info) != 0)
    return;
  device_ = info.st_dev;
  if (S_ISDIR(info.st_mode)) {
    enter(std::move(root));
    return;
  }
  auto slash = root.rfind('/');
  auto parent = slash == root.npos ? "." : root.substr(0, slash + 1);
  folders_.push_back({parent, {root.substr(slash + 1)}});
}

std::optional<file_walk::entry> file_walk::next() {
  while (!folders_.empty()) {
    if (folders_.back().names.empty()) {
      folders_.pop_back();
      continue;
    }
    auto path = take_name();
    struct stat info;
    if (::lstat(path.c_str(), &info) != 0 || info.st_dev != device_)
      continue;
    if (S_ISDIR(info.st_mode))
      enter(std::move(path));
    else if (S_ISREG(info.st_mode) && !is_excluded(path, info.st_ino))
      return entry{std::move(path), static_cast<uint64_t>(info.st_size)};
  }
  return std::nullopt;
}

void file_walk::enter(std::string path) {
  auto names = names_in(path);
  folders_.push_back({std::move(path), std::move(names)});
}

std::string file_walk::take_name() {
  auto& from = folders_.back();
  auto result = joined(from.path, from.names.back());
  from.names.pop_back();
  return result;
}

bool file_walk::is_excluded(const std::string& path, ino_t number) const {
  if (!excluded_.empty() && path.compare(0, excluded_.size(), excluded_) == 0)
    return true;
  auto& numbers = excluded_numbers_;
  return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

tree_size measure(file_walk walk) {
  tree_size result;
  while (auto x = walk.next()) {
    ++result.files;
    result.bytes += x->size;
  }
  return result;
}

} // namespace onewriter::node
