#pragma once

#include <cstring>
#include <fstream>
#include <string>

#include <cerrno>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

namespace onewriter::test {

/// Gives this process mounts of its own, in which it may do as root may.
/// Does not require root where user namespaces are allowed.
inline bool leave_mounts() {
  auto user = ::geteuid();
  auto group = ::getegid();
  if (::unshare(CLONE_NEWNS) == 0)
    return true;
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
    return false;
  // A user without a mapping there cannot create files.
  std::ofstream{"/proc/self/setgroups"} << "deny";
  std::ofstream{"/proc/self/uid_map"} << "0 " << user << " 1";
  std::ofstream{"/proc/self/gid_map"} << "0 " << group << " 1";
  return true;
}

/// Mounts a file system of `bytes` in memory on `folder`, for this process
/// alone, which has to have a single thread; the mount ends with the process.
/// Returns why that is not possible here; empty where it was done.
inline std::string mount_small_disk(const std::string& folder, size_t bytes) {
  auto failed = [](const char* what) {
    return std::string{what} + ": " + std::strerror(errno);
  };
  if (!leave_mounts())
    return failed("unshare");
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    return failed("making mounts private");
  auto options = "size=" + std::to_string(bytes);
  if (::mount("tmpfs", folder.c_str(), "tmpfs", 0, options.c_str()) != 0)
    return failed("mounting a tmpfs");
  return {};
}

} // namespace onewriter::test
