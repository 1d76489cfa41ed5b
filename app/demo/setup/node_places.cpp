#include "app/demo/setup/node_places.hpp"

#include "app/core/file_walk.hpp"
#include "onewriter/failure.hpp"
#include "onewriter/protocol.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <unistd.h>

namespace onewriter::node {

namespace {

constexpr const char* default_tree = "/usr/share/doc";

// Empty, with `errno` set, where there is no such file.
std::string real_path(const std::string& path) {
  std::error_code err;
  auto result = std::filesystem::canonical(path, err).string();
  errno = err.value();
  return result;
}

std::string last_error() {
  return std::strerror(errno);
}

// /var/tmp is on a disk, as databases are; /tmp is often in memory.
std::string temporary_folder() {
  auto variable = std::getenv("TMPDIR");
  if (variable != nullptr && *variable != '\0')
    return variable;
  return ::access("/var/tmp", W_OK | X_OK) == 0 ? "/var/tmp" : "/tmp";
}

caf::expected<std::string> make_temporary_folder() {
  auto pattern = temporary_folder() + "/onewriter-demo-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr)
    return make_failure(ec::cannot_open, "cannot create a folder " + pattern
                                           + ": " + last_error());
  return real_path(pattern);
}

} // namespace

caf::expected<std::string> choose_tree(const std::string& asked) {
  if (!asked.empty()) {
    auto result = real_path(asked);
    if (result.empty())
      return make_failure(ec::invalid_argument,
                          "PATH " + asked + ": " + last_error());
    if (::access(result.c_str(), R_OK) != 0)
      return make_failure(ec::invalid_argument,
                          "PATH " + asked + ": " + last_error());
    return result;
  }
  auto tree = real_path(default_tree);
  if (!tree.empty() && file_walk{tree, ""}.next())
    return tree;
  return real_path(".");
}

caf::expected<std::string> choose_database(const std::string& asked) {
  if (asked.empty()) {
    auto folder = make_temporary_folder();
    return folder ? *folder + "/node.db" : std::move(folder);
  }
  if (auto known = real_path(asked); !known.empty())
    return known;
  auto slash = asked.rfind('/');
  auto has_folder = slash != asked.npos;
  auto folder = has_folder ? asked.substr(0, slash + 1) : std::string{"."};
  auto real = real_path(folder);
  if (real.empty())
    return make_failure(ec::invalid_argument,
                        "the folder of --db " + asked + ": " + last_error());
  auto name = has_folder ? asked.substr(slash + 1) : asked;
  return real == "/" ? real + name : real + '/' + name;
}

} // namespace onewriter::node
