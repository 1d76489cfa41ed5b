#include "actors/sqlite/file/file_system.hpp"

#include "actors/sqlite/file/files.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include <sys/stat.h>

#if defined(__linux__)
#  include <sys/sysmacros.h>
#  include <sys/vfs.h>
#elif defined(__APPLE__)
#  include <sys/mount.h>
#endif

namespace onewriter::sqlite {

namespace {

constexpr std::string_view network_types[] = {
  "fuse.afp",       "fuse.cephfs",   "fuse.ceph-fuse", "fuse.davfs",
  "fuse.davfs2",    "fuse.gcsfuse",  "fuse.glusterfs", "fuse.goofys",
  "fuse.jfs",       "fuse.juicefs",  "fuse.moosefs",   "fuse.mfs",
  "fuse.rclone",    "fuse.s3fs",     "fuse.seaweedfs", "fuse.smbnetfs",
  "fuse.sshfs",     "fuse.mount-s3", "fuse.blobfuse",  "fuse.blobfuse2",
  "fuse.curlftpfs",
};

#if defined(__linux__)

constexpr unsigned long fuse_magic = 0x65735546;

// Most are in linux/magic.h; Lustre and VirtualBox are not part of the kernel's
// headers. 9P and VirtualBox's folders give a guest access to its host.
constexpr unsigned long network_magics[] = {
  0x00006969, // NFS
  0x0000517b, // SMB
  0xff534d42, // CIFS
  0xfe534d42, // SMB 2 and 3
  0x01021997, // 9P
  0x5346414f, // AFS
  0x6b414653, // the kernel's AFS
  0x73757245, // Coda
  0x0000564c, // NCP
  0x00c36400, // Ceph
  0x7461636f, // OCFS2
  0x01161970, // GFS2
  0x0bd00bd0, // Lustre
  0x786f4256, // VirtualBox
};

// A line of mountinfo: number, parent, "major:minor", root, mount point,
// options, optional fields, "-", type, and so on (man 5 proc).
std::string type_of_device(const std::string& device) {
  std::ifstream mounts{"/proc/self/mountinfo"};
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream in{line};
    std::string skipped;
    std::string found;
    in >> skipped >> skipped >> found;
    if (found != device)
      continue;
    while (in >> skipped && skipped != "-")
      ; // nop
    in >> found;
    return found;
  }
  return {};
}

bool is_network_mount(const std::string& path) {
  struct stat info;
  if (::stat(path.c_str(), &info) != 0)
    return false;
  auto device = std::to_string(major(info.st_dev)) + ":"
                + std::to_string(minor(info.st_dev));
  return is_network_mount_type(type_of_device(device));
}

bool is_network(const std::string& path) {
  struct statfs info;
  if (::statfs(path.c_str(), &info) != 0)
    return false;
  // The type's width and sign differ between architectures.
  auto magic = static_cast<unsigned long>(info.f_type) & 0xffffffff;
  if (magic == fuse_magic)
    return is_network_mount(path);
  return std::find(std::begin(network_magics), std::end(network_magics), magic)
         != std::end(network_magics);
}

#elif defined(__APPLE__)

bool is_network(const std::string& path) {
  struct statfs info;
  return ::statfs(path.c_str(), &info) == 0 && !(info.f_flags & MNT_LOCAL);
}

#else

bool is_network(const std::string&) {
  return false;
}

#endif

} // namespace

bool is_network_file_system(const std::string& path) {
  return is_network(exists(path) ? path : folder_of(path));
}

bool is_network_mount_type(std::string_view type) {
  return std::find(std::begin(network_types), std::end(network_types), type)
         != std::end(network_types);
}

} // namespace onewriter::sqlite
