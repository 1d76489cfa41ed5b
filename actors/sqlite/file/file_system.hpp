#pragma once

#include <string>
#include <string_view>

namespace onewriter::sqlite {

/// Returns whether `path`, or its folder if it does not exist, is on a file
/// system that other machines may reach too. A write-ahead log is not safe
/// there: it needs memory that all of its users share
/// (https://sqlite.org/wal.html). Unknown file systems count as local.
///
/// FUSE is not a network by itself: it counts as one only if the mount's type
/// names a network file system (fuse.sshfs, fuse.glusterfs, ...), because disks
/// (ntfs-3g), encryption and containers use it too.
bool is_network_file_system(const std::string& path);

/// Returns whether the type of a FUSE mount, as /proc/self/mountinfo spells it,
/// is that of a network file system.
bool is_network_mount_type(std::string_view type);

} // namespace onewriter::sqlite
