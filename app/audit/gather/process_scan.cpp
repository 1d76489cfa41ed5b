#include "app/audit/gather/process_scan.hpp"

#include "app/audit/gather/file_reading.hpp"
#include "app/audit/gather/process_libraries.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <functional>
#include <memory>
#include <sstream>
#include <string_view>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

namespace onewriter::node {

namespace {

constexpr size_t most_command_bytes = 4'096;
constexpr std::string_view deleted_mark = " (deleted)";

struct proc_folder_closer {
  void operator()(DIR* x) const {
    ::closedir(x);
  }
};

// Calls `f` with each name in the folder that is a number. Returns `errno` if
// the folder cannot be read, else 0.
int for_each_number(const std::string& folder,
                    const std::function<void(const std::string&)>& f) {
  std::unique_ptr<DIR, proc_folder_closer> from{::opendir(folder.c_str())};
  if (!from)
    return errno;
  while (auto x = ::readdir(from.get())) {
    std::string name = x->d_name;
    if (name.find_first_not_of("0123456789") == name.npos)
      f(name);
  }
  return 0;
}

std::string target_of(const std::string& link) {
  std::string result(PATH_MAX, '\0');
  auto size = ::readlink(link.c_str(), result.data(), result.size());
  result.resize(size > 0 ? static_cast<size_t>(size) : 0);
  return result;
}

// `fdinfo` says "flags:\t0100002", in octal.
bool is_open_for_writing(const std::string& process,
                         const std::string& descriptor) {
  constexpr size_t most_bytes = 4'096;
  std::istringstream in{
    read_text(process + "/fdinfo/" + descriptor, most_bytes)};
  for (std::string word; in >> word;) {
    int flags = 0;
    if (word == "flags:" && in >> std::oct >> flags)
      return (flags & O_ACCMODE) != O_RDONLY;
  }
  return false;
}

std::string command_of(const std::string& process) {
  auto result = read_text(process + "/cmdline", most_command_bytes);
  for (auto& c : result)
    if (c == '\0')
      c = ' ';
  result.erase(result.find_last_not_of(' ') + 1);
  return result;
}

// These have no command, and no file open.
bool is_kernel_thread(const std::string& process) {
  read_only_file command{process + "/cmdline"};
  return command.is_open() && command.read(0, 1).empty();
}

/// Looks at one process after the other.
class process_scan {
public:
  process_scan(const std::string& path, const per_part<part_state>& parts)
    : path_{path},
      parts_{parts} {
    // nop
  }

  process_facts run() {
    auto self = std::to_string(::getpid());
    auto error_number = for_each_number("/proc", [&](const std::string& id) {
      if (id != self)
        look_at_process(id);
    });
    result_.known = error_number == 0 && ::access("/proc/self/fd", R_OK) == 0;
    for (auto& x : result_.open)
      drop_passing(x);
    // Every system has this process, which /proc may be told to hide.
    result_.hidden = ::access("/proc/1", F_OK) != 0;
    return std::move(result_);
  }

private:
  void look_at_process(const std::string& id) {
    auto process = "/proc/" + id;
    open_process found;
    auto error_number
      = for_each_number(process + "/fd", [&](const std::string& descriptor) {
          look_at_descriptor(process, descriptor, found);
        });
    if (error_number == EACCES || error_number == EPERM) {
      result_.unreadable += is_kernel_thread(process) ? 0 : 1;
      return;
    }
    if (!has_any(found))
      return;
    found.id = std::atoll(id.c_str());
    found.command = command_of(process);
    found.libraries = libraries_.of(process);
    result_.open.push_back(std::move(found));
  }

  static bool has_any(const open_process& x) {
    uint32_t count = 0;
    for_each_part([&](file_part part) { count += x.handles[part].total(); });
    return count > 0 || !x.lost.empty();
  }

  void look_at_descriptor(const std::string& process,
                          const std::string& descriptor, open_process& to) {
    auto link = process + "/fd/" + descriptor;
    auto identity = known_identity(link);
    if (!identity)
      return;
    auto known = false;
    for_each_part([&](file_part part) {
      if (parts_[part].identity != identity)
        return;
      known = true;
      auto& count = to.handles[part];
      ++(is_open_for_writing(process, descriptor) ? count.writing
                                                  : count.reading);
    });
    auto& file = parts_[file_part::file].identity;
    if (!known && file && identity->device == file->device)
      look_for_lost(link, std::atoi(descriptor.c_str()), to);
  }

  // A file of the same name elsewhere, as in a container, is on another device
  // as a rule.
  void look_for_lost(const std::string& link, int descriptor,
                     open_process& to) {
    auto target = target_of(link);
    for_each_part([&](file_part part) {
      if (target == lost_name(part))
        to.lost.push_back({part, descriptor});
    });
  }

  // SQLite itself deletes the index shortly before it closes it.
  void drop_passing(open_process& from) const {
    auto is_gone = [&](const lost_handle& x) {
      auto link = "/proc/" + std::to_string(from.id) + "/fd/"
                  + std::to_string(x.descriptor);
      return target_of(link) != lost_name(x.part);
    };
    auto& lost = from.lost;
    lost.erase(std::remove_if(lost.begin(), lost.end(), is_gone), lost.end());
  }

  std::string lost_name(file_part part) const {
    return path_ + suffix_of(part) + std::string{deleted_mark};
  }

  const std::string& path_;
  const per_part<part_state>& parts_;
  library_scan libraries_;
  process_facts result_;
};

} // namespace

process_facts scan_processes(const std::string& path,
                             const per_part<part_state>& parts) {
  return process_scan{path, parts}.run();
}

} // namespace onewriter::node
