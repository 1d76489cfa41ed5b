// The write-ahead log: whether it belongs to the file, and what keeps it from
// getting smaller.
#include "actors/console/format.hpp"
#include "app/audit/judge/findings.hpp"
#include "app/audit/judge/process_names.hpp"

#include <algorithm>

namespace onewriter::node {

namespace {

uint64_t log_bytes_of(const audit_facts& x) {
  return x.parts[file_part::log].bytes;
}

void judge_foreign_log(const audit_facts& x, std::vector<finding>& to) {
  if (log_bytes_of(x) == 0 || x.header.page_bytes == 0)
    return;
  std::string why;
  if (!x.header.uses_log())
    why = "the file says that it has none";
  else if (x.log.page_bytes != 0 && x.log.page_bytes != x.header.page_bytes)
    why = "its pages have " + with_separators(x.log.page_bytes)
          + " bytes, those of the file " + with_separators(x.header.page_bytes);
  if (why.empty())
    return;
  to.push_back({finding_level::risk, "foreign_log",
                "The log beside the file does not seem to be its own: " + why
                  + ". SQLite reads what is in it as the newest content.",
                "Keep copies of both files before a program opens them, and "
                "find out which copy or restored backup brought them "
                "together."});
}

void judge_left_log(const audit_facts& x, std::vector<finding>& to) {
  if (x.log.committed == 0 || is_in_use(x) || !x.header.uses_log())
    return;
  std::string unseen = x.processes.unreadable > 0
                         ? ", unless one uses it that cannot be seen"
                         : "";
  to.push_back({finding_level::note, "log_left",
                "The last process that used the file ended without closing it"
                  + unseen + ". The log has "
                  + format_count(x.log.committed, "page")
                  + " of committed content that the file may not have yet.",
                "Keep the log with the file, also when copying it. The next "
                "program that opens the file for writing takes it over."});
}

bool is_in_the_way(const audit_facts& x, const log_pin& pin) {
  return pin.frame + most_kept_frames < frames_of(x);
}

std::vector<int64_t> processes_in_the_way(const audit_facts& x) {
  std::vector<int64_t> result;
  for (auto& pin : pins_of(x))
    if (is_in_the_way(x, pin)
        && std::find(result.begin(), result.end(), pin.process) == result.end())
      result.push_back(pin.process);
  return result;
}

std::string pinned_text(const audit_facts& x, const std::vector<int64_t>& ids,
                        bool is_large) {
  return "The log cannot get smaller: " + names_of_processes(x, ids)
         + (ids.size() == 1 ? " reads" : " read")
         + " an old state of it, so that a checkpoint ends at frame "
         + with_separators(pins_of(x).front().frame) + " of "
         + with_separators(frames_of(x)) + ". The log has "
         + format_bytes(log_bytes_of(x))
         + (is_large ? ", and grows with each write until the disk is full."
                     : ".");
}

void judge_pins(const audit_facts& x, std::vector<finding>& to) {
  auto ids = processes_in_the_way(x);
  if (ids.empty())
    return;
  auto is_large = log_bytes_of(x) >= large_log_bytes;
  to.push_back({is_large ? finding_level::risk : finding_level::note,
                "log_pinned", pinned_text(x, ids, is_large),
                "If it is still so in a minute, end that read transaction: a "
                "statement that was not reset or finalized, a cursor or "
                "iterator that was left open, or a BEGIN without an end."});
}

void judge_size(const audit_facts& x, std::vector<finding>& to) {
  auto is_pinned = !processes_in_the_way(x).empty();
  if (log_bytes_of(x) < large_log_bytes || is_pinned)
    return;
  to.push_back(
    {finding_level::note, "large_log",
     "The log has " + format_bytes(log_bytes_of(x))
       + ": readers that look through it get slow. It was pinned, "
         "or a transaction was large, or checkpoints are off.",
     is_in_use(x)
       ? "Let the program that writes run a checkpoint that "
         "truncates the log while no query runs; onewriter does so "
         "by itself."
       : "Nothing has it open: `onewriter checkpoint --truncate`, or "
         "any program that opens it for writing and closes it, "
         "copies the log into the file."});
}

} // namespace

void judge_log(const audit_facts& x, std::vector<finding>& to) {
  judge_foreign_log(x, to);
  judge_left_log(x, to);
  judge_pins(x, to);
  judge_size(x, to);
}

} // namespace onewriter::node
