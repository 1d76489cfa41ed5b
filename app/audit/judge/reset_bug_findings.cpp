// SQLite's WAL-reset bug (https://sqlite.org/wal.html#walresetbug): a
// checkpoint of one connection overlaps a commit of another one that starts the
// log again. It takes two connections that write or checkpoint.
#include "actors/console/format.hpp"
#include "app/audit/judge/findings.hpp"
#include "app/audit/judge/process_names.hpp"

#include <algorithm>
#include <utility>

namespace onewriter::node {

namespace {

// The worst of what a process has loaded; unknown if nothing was found.
reset_bug bug_in(const open_process& x) {
  auto has = [&](reset_bug bug) {
    return std::any_of(
      x.libraries.begin(), x.libraries.end(),
      [=](const sqlite_copy& copy) { return copy.bug == bug; });
  };
  if (has(reset_bug::yes))
    return reset_bug::yes;
  return x.libraries.empty() || has(reset_bug::unknown) ? reset_bug::unknown
                                                        : reset_bug::no;
}

std::vector<int64_t> writers_with(const audit_facts& x, reset_bug bug) {
  std::vector<int64_t> result;
  for (auto& process : x.processes.open)
    if (process.handles[file_part::file].writing > 0 && bug_in(process) == bug)
      result.push_back(process.id);
  return result;
}

uint64_t writing_handles(const audit_facts& x) {
  uint64_t result = 0;
  for (auto& process : x.processes.open)
    result += process.handles[file_part::file].writing;
  return result;
}

void add_bug(const audit_facts& x, const std::vector<int64_t>& buggy,
             uint64_t handles, std::vector<finding>& to) {
  auto is_risk = handles > 1;
  auto what = "The SQLite of " + names_of_processes(x, buggy)
              + " has the WAL-reset bug";
  what += is_risk
            ? ", and the file is open for writing " + with_separators(handles)
                + " times: a checkpoint of one connection at the moment "
                  "of another one's commit can corrupt the file."
            : ". It has no effect while only one connection writes, as "
              "now.";
  to.push_back({is_risk ? finding_level::risk : finding_level::note,
                "wal_reset_bug", std::move(what),
                "Update SQLite to 3.51.3 or later (or 3.50.7, or 3.44.6) and "
                "restart these programs. Until then let one connection do all "
                "writes and checkpoints, as onewriter does."});
}

void add_unknown(const audit_facts& x, const std::vector<int64_t>& unknown,
                 std::vector<finding>& to) {
  to.push_back({finding_level::note, "unknown_sqlite",
                "Which SQLite " + names_of_processes(x, unknown)
                  + (unknown.size() == 1 ? " has" : " have")
                  + " loaded is not known, so neither is whether it has the "
                    "WAL-reset bug (3.7.0 to 3.51.2).",
                "Ask these programs: SELECT sqlite_version(). Run the audit as "
                "root if their files cannot be read."});
}

} // namespace

void judge_reset_bug(const audit_facts& x, std::vector<finding>& to) {
  // The owner excludes it by itself, if it is alone.
  auto owner = owner_of(x);
  auto is_excluded = owner && writers_beside(x, owner).empty();
  if (!x.header.uses_log() || is_excluded)
    return;
  auto buggy = writers_with(x, reset_bug::yes);
  auto unknown = writers_with(x, reset_bug::unknown);
  auto handles = writing_handles(x);
  if (!buggy.empty())
    add_bug(x, buggy, handles, to);
  else if (!unknown.empty() && handles > 1)
    add_unknown(x, unknown, to);
}

} // namespace onewriter::node
