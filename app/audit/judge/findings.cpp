#include "app/audit/judge/findings.hpp"

#include "actors/console/format.hpp"

#include <algorithm>

namespace onewriter::node {

namespace {

bool is_risk(const finding& x) {
  return x.level == finding_level::risk;
}

std::string problems_text(const integrity_facts& x) {
  constexpr size_t most_columns = 200;
  std::string result;
  for (auto problem : x.problems) {
    std::replace(problem.begin(), problem.end(), '\n', ' ');
    result += (result.empty() ? "" : "; ") + shorten(problem, most_columns);
  }
  return result;
}

std::string advice_for_unchecked(const audit_facts& x) {
  if (x.journal_filled)
    return "Audit it again once the transaction has ended or was undone.";
  if (!x.integrity.check.empty())
    return "Audit it again, or run PRAGMA integrity_check in a program that "
           "has it open.";
  std::string result = "Use --integrity to check it as one more reader";
  return result
         + (owner_of(x) ? ", or `onewriter check`, which its owner runs."
                        : ".");
}

void judge_unchecked(const audit_facts& x, std::vector<finding>& to) {
  if (x.parts[file_part::file].bytes > 0)
    to.push_back({finding_level::note, "integrity_unchecked",
                  "The content was not checked: " + x.integrity.reason + ".",
                  advice_for_unchecked(x)});
}

} // namespace

std::vector<finding> judge(const audit_facts& x) {
  std::vector<finding> result;
  judge_integrity(x, result);
  judge_files(x, result);
  judge_reset_bug(x, result);
  judge_processes(x, result);
  judge_log(x, result);
  std::stable_partition(result.begin(), result.end(), is_risk);
  return result;
}

bool has_risk(const std::vector<finding>& xs) {
  return std::any_of(xs.begin(), xs.end(), is_risk);
}

void judge_integrity(const audit_facts& x, std::vector<finding>& to) {
  auto& found = x.integrity;
  switch (found.outcome) {
    case integrity_outcome::sound:
      return;
    case integrity_outcome::damaged:
      to.push_back({finding_level::risk, "damaged",
                    "The file is damaged: " + problems_text(found) + ".",
                    "Stop the programs that write to it, copy the file and "
                    "what is beside it, and restore a backup; `.recover` of "
                    "the program sqlite3 saves what it can from the copy."});
      return;
    case integrity_outcome::unfinished:
      to.push_back({finding_level::note, "integrity_unfinished",
                    "The check of the content took too long and was stopped.",
                    "Give it more time with --seconds."});
      return;
    default:
      judge_unchecked(x, to);
  }
}

} // namespace onewriter::node
