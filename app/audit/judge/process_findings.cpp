// What the processes that have the file open do to it and to each other.
#include "actors/console/format.hpp"
#include "app/audit/judge/findings.hpp"
#include "app/audit/judge/process_names.hpp"

#include <algorithm>

namespace onewriter::node {

namespace {

std::string what_is_lost(file_part x) {
  switch (x) {
    case file_part::index:
      return "it keeps an index of the log of its own, and what it and the "
             "others write destroys the file";
    case file_part::owner:
      return "it still believes that it owns the file, and so may another";
    case file_part::journal:
      return "a crash now leaves half of a transaction in the file";
    default:
      return "what it writes is gone once it ends";
  }
}

std::string advice_for_lost(const open_process& process,
                            const lost_handle& lost) {
  auto id = std::to_string(process.id);
  std::string result = "Stop it before anything else opens the file, and find "
                       "out what deletes or replaces files beside a database "
                       "in use.";
  if (lost.part == file_part::file || lost.part == file_part::log)
    result = "First save the deleted content: cp /proc/" + id + "/fd/"
             + std::to_string(lost.descriptor) + " elsewhere. " + result;
  return result;
}

bool lost_before(const std::vector<lost_handle>& all, size_t index) {
  auto is_same = [&](const lost_handle& x) {
    return x.part == all[index].part;
  };
  auto end = all.begin() + static_cast<ptrdiff_t>(index);
  return std::any_of(all.begin(), end, is_same);
}

void judge_lost(const audit_facts& x, std::vector<finding>& to) {
  for (auto& process : x.processes.open)
    for (size_t i = 0; i < process.lost.size(); ++i) {
      auto& lost = process.lost[i];
      if (lost_before(process.lost, i))
        continue;
      to.push_back({finding_level::risk, "deleted_while_open",
                    "A file that " + name_of_process(x, process.id)
                      + " has open was deleted: " + x.path
                      + suffix_of(lost.part) + ". "
                      + "That process works on without the others: "
                      + what_is_lost(lost.part) + ".",
                    advice_for_lost(process, lost)});
    }
}

void judge_writers(const audit_facts& x, std::vector<finding>& to) {
  auto owner = owner_of(x);
  auto writers = writers_beside(x, owner);
  auto names = names_of_processes(x, writers);
  std::string have = writers.size() == 1 ? " has" : " have";
  if (owner && !writers.empty())
    to.push_back({finding_level::risk, "writer_beside_owner",
                  "onewriter owns the file (" + name_of_process(x, *owner)
                    + "), but " + names + have
                    + " it open for writing as well. Their locks delay the "
                      "owner, and their checkpoints bring SQLite's WAL-reset "
                      "bug back.",
                  "Let them send their writes to the owner, or open the file "
                  "read-only."});
  if (!owner && writers.size() > 1)
    to.push_back({finding_level::note, "several_writers",
                  with_separators(writers.size()) + " processes"
                    + " have the file open for writing: " + names
                    + ". They wait for each other's locks in no order and get "
                      "\"database is locked\".",
                  "Let one process own the file and the others send it their "
                  "writes, as with onewriter."});
}

void judge_sight(const audit_facts& x, std::vector<finding>& to) {
  auto& seen = x.processes;
  std::string advice = "Run the audit as root, or as the user whose programs "
                       "use the file.";
  if (!seen.known)
    to.push_back({finding_level::note, "no_proc",
                  "There is no /proc that can be read: which processes have "
                  "the file open is not known.",
                  "Run the audit on Linux with /proc mounted."});
  else if (seen.hidden)
    to.push_back({finding_level::note, "hidden_processes",
                  "The system hides processes of other users (hidepid): they "
                  "may have the file open too.",
                  advice});
  else if (seen.unreadable > 0)
    to.push_back({finding_level::note, "unreadable_processes",
                  "What " + with_separators(seen.unreadable)
                    + (seen.unreadable == 1 ? " process" : " processes")
                    + " of other users have open cannot be read: they may have "
                      "the file open too, and what is said here about "
                      "processes is incomplete.",
                  advice});
}

} // namespace

void judge_processes(const audit_facts& x, std::vector<finding>& to) {
  judge_lost(x, to);
  judge_writers(x, to);
  judge_sight(x, to);
}

} // namespace onewriter::node
