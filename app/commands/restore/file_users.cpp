#include "app/commands/restore/file_users.hpp"

#include "actors/console/format.hpp"
#include "actors/sqlite/file/files.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace onewriter::node {

namespace fs = std::filesystem;

namespace {

using identities = std::vector<sqlite::file_identity>;

identities identities_of(const std::vector<std::string>& paths) {
  identities result;
  for (auto& path : paths)
    if (auto identity = sqlite::identity_of(path))
      result.push_back(*identity);
  return result;
}

std::string described(const std::string& process) {
  std::string command;
  std::getline(std::ifstream{"/proc/" + process + "/comm"}, command);
  return "process " + process
         + (command.empty() ? "" : " (" + printable(command) + ")");
}

// Processes come and go, and those of others cannot be looked into.
template <class F>
void for_each_entry(const fs::path& folder, F visit) {
  std::error_code err;
  fs::directory_iterator end;
  for (fs::directory_iterator i{folder, err}; !err && i != end;
       i.increment(err))
    visit(i->path());
}

bool has_open(const fs::path& process, const identities& files) {
  auto result = false;
  for_each_entry(process / "fd", [&](const fs::path& descriptor) {
    auto identity = sqlite::identity_of(descriptor.string());
    result
      = result
        || (identity
            && std::find(files.begin(), files.end(), *identity) != files.end());
  });
  return result;
}

bool is_process_id(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

} // namespace

std::string user_of(const std::vector<std::string>& paths) {
  auto files = identities_of(paths);
  std::string result;
  if (files.empty())
    return result;
  for_each_entry("/proc", [&](const fs::path& process) {
    auto name = process.filename().string();
    if (result.empty() && is_process_id(name) && has_open(process, files))
      result = described(name);
  });
  return result;
}

caf::expected<std::string> locker_of(const std::vector<std::string>& paths) {
  for (auto& path : paths) {
    if (!sqlite::exists(path))
      continue;
    // Not to wait where it is a pipe.
    auto descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
      return sqlite::make_system_error(ec::cannot_open, path, errno);
    // Whether a lock on all of the file would have to wait, and for whom.
    struct flock what {};
    what.l_type = F_WRLCK;
    what.l_whence = SEEK_SET;
    auto asked = ::fcntl(descriptor, F_GETLK, &what);
    auto error_number = errno;
    ::close(descriptor);
    if (asked != 0)
      return sqlite::make_system_error(ec::io_error, path, error_number);
    if (what.l_type != F_UNLCK)
      return what.l_pid > 0 ? described(std::to_string(what.l_pid))
                            : std::string{"another process"};
  }
  return std::string{};
}

} // namespace onewriter::node
