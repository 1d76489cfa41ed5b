// What the files themselves show: where they are, and what is beside them.
#include "actors/console/format.hpp"
#include "app/audit/judge/findings.hpp"

#include <algorithm>

namespace onewriter::node {

namespace {

constexpr auto risk_level = finding_level::risk;
constexpr auto note_level = finding_level::note;

void judge_place(const audit_facts& x, std::vector<finding>& to) {
  if (x.network)
    to.push_back({risk_level, "network_file_system",
                  "The file is on a network file system. Locks are not "
                  "reliable there, and a write-ahead log needs memory that all "
                  "its users share, which two machines do not have.",
                  "Move it to a local disk of the machine that writes to it, "
                  "and let other machines send their requests there."});
  if (x.names > 1)
    to.push_back({risk_level, "several_names",
                  "The file has " + format_count(x.names, "name")
                    + " (hard links). SQLite puts the log beside the name that "
                      "a program opens, so two names are two logs of one file.",
                  "Remove all names but one; symbolic links are safe."});
  if (x.parts[file_part::file].bytes == 0)
    to.push_back({note_level, "empty",
                  "The file is empty: SQLite takes it for a new database.",
                  "If there should be data in it, find out which file the "
                  "program really opens."});
}

bool has_writing_lock(const audit_facts& x) {
  constexpr uint64_t reserved_byte = 0x40000001;
  return std::any_of(x.locks.begin(), x.locks.end(), [](const file_lock& lock) {
    return lock.part == file_part::file && lock.exclusive && !lock.waiting
           && lock.kind != lock_kind::flock && lock.first <= reserved_byte
           && reserved_byte <= lock.last;
  });
}

void judge_journal(const audit_facts& x, std::vector<finding>& to) {
  if (!x.journal_filled || has_writing_lock(x))
    return;
  to.push_back({risk_level, "hot_journal",
                "A transaction was cut off, and half of it may be in the file. "
                "Its journal, "
                  + x.path + suffix_of(file_part::journal)
                  + ", has what undoes it.",
                "Neither delete nor rename the journal, and copy it along with "
                "the file. The next program that opens the file for writing "
                "undoes the transaction."});
}

void judge_owner_file(const audit_facts& x, std::vector<finding>& to) {
  if (!x.parts[file_part::owner].identity || owner_of(x))
    return;
  auto named = x.named_owner.empty() ? "" : " (process " + x.named_owner + ")";
  to.push_back({note_level, "owner_left",
                "There is the lock file of a onewriter" + named
                  + ", and no process that can be seen holds the lock: that "
                    "onewriter was killed, which is harmless, or it runs in "
                    "another container.",
                "Nothing: the next owner takes the lock file over."});
}

} // namespace

void judge_files(const audit_facts& x, std::vector<finding>& to) {
  judge_place(x, to);
  judge_journal(x, to);
  judge_owner_file(x, to);
}

} // namespace onewriter::node
