#pragma once

#include "app/audit/core/facts.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace onewriter::node {

/// Takes the content of `/proc/locks` apart (man 5 proc_locks). Lines that are
/// something else are left out.
[[nodiscard]] std::vector<kernel_lock> parse_locks(std::string_view text);

/// Returns those of `locks` that are on a file of the database. Where the
/// kernel counts devices otherwise than `stat` does, as btrfs and overlayfs do,
/// a lock belongs here if its process has the file with that number open.
[[nodiscard]] std::vector<file_lock>
locks_of_database(const std::vector<kernel_lock>& locks,
                  const per_part<part_state>& parts,
                  const std::vector<open_process>& processes);

/// Returns SQLite's names of what a lock from byte `first` to `last` means, for
/// instance "RESERVED, SHARED" (https://sqlite.org/lockingv3.html,
/// https://sqlite.org/walformat.html#wal_locks); the bytes themselves if it
/// means nothing to SQLite.
[[nodiscard]] std::string meaning_of(const file_lock& x);

} // namespace onewriter::node
