#include "app/audit/report/report_text.hpp"

#include "actors/console/format.hpp"
#include "actors/console/text_table.hpp"
#include "app/audit/gather/lock_table.hpp"
#include "app/audit/judge/process_names.hpp"
#include "app/audit/report/wrapped_text.hpp"

#include <algorithm>

namespace onewriter::node {

namespace {

using report_lines = std::vector<styled_line>;

constexpr size_t report_columns = 80;
constexpr size_t fact_column = 13;
constexpr size_t command_columns = 25;

void add_title(report_lines& to, std::string_view text) {
  to.emplace_back();
  to.push_back({text, style::bold});
}

// -- the files ----------------------------------------------------------------

void add_fact(report_lines& to, std::string_view label, std::string_view text) {
  for (auto& line : wrapped(text, report_columns - fact_column)) {
    styled_line result{"  "};
    result.add(label, style::dim).pad_to(fact_column).add(line);
    to.push_back(std::move(result));
    label = {};
  }
}

std::string file_text(const audit_facts& x) {
  auto result
    = printable(x.path) + ", " + format_bytes(x.parts[file_part::file].bytes);
  if (x.header.page_bytes > 0)
    result += " in pages of " + with_separators(x.header.page_bytes) + " bytes";
  return result;
}

std::string log_text(const audit_facts& x) {
  auto result
    = "write-ahead log, " + format_bytes(x.parts[file_part::log].bytes);
  if (auto& index = x.log.index)
    return result + ": " + format_count(index->frames, "frame") + ", "
           + with_separators(index->copied) + " copied into the file";
  return result + ": " + format_count(x.log.committed, "committed frame");
}

std::string journal_text(const audit_facts& x) {
  if (x.parts[file_part::log].bytes > 0)
    return log_text(x);
  if (x.header.uses_log())
    return x.parts[file_part::log].identity ? "write-ahead log, empty now"
                                            : "write-ahead log, none now";
  auto& journal = x.parts[file_part::journal];
  if (!journal.identity)
    return "rollback journal, none now";
  return "rollback journal, "
         + (journal.bytes > 0 ? format_bytes(journal.bytes)
                              : std::string{"empty"})
         + (x.journal_filled ? ", with a transaction" : "");
}

std::string owner_text(const audit_facts& x) {
  if (auto owner = owner_of(x))
    return "onewriter, " + name_of_process(x, *owner);
  return "none";
}

std::string integrity_text(const integrity_facts& x) {
  switch (x.outcome) {
    case integrity_outcome::sound:
      return x.check + " found nothing wrong";
    case integrity_outcome::damaged:
      return x.check + " found damage";
    case integrity_outcome::unfinished:
      return x.check + " did not come to its end";
    default:
      return "not checked";
  }
}

// Empty if a checkpoint can copy the whole log.
std::string pin_text(const audit_facts& x) {
  auto pins = pins_of(x);
  if (pins.empty() || pins.front().frame >= frames_of(x))
    return {};
  return "at frame " + with_separators(pins.front().frame) + " by a reader of "
         + name_of_process(x, pins.front().process);
}

void add_facts(report_lines& to, const audit_facts& x) {
  to.emplace_back();
  add_fact(to, "file", file_text(x));
  add_fact(to, "journal", journal_text(x));
  add_fact(to, "pinned", pin_text(x));
  add_fact(to, "owner", owner_text(x));
  add_fact(to, "integrity", integrity_text(x.integrity));
}

// -- the processes ------------------------------------------------------------

// The program without its folder, and as many of its arguments as there is room
// for.
std::string command_text(const std::string& command) {
  constexpr std::string_view gap = "...";
  auto slash = command.substr(0, command.find(' ')).rfind('/');
  auto text
    = printable(slash == command.npos ? command : command.substr(slash + 1));
  if (columns_of(text) <= command_columns)
    return text;
  return std::string{first_columns(text, command_columns - gap.size())}
         + std::string{gap};
}

std::string copy_text(const sqlite_copy& x) {
  auto name = x.version.empty() ? "of " + x.date : x.version;
  switch (x.bug) {
    case reset_bug::yes:
      return name + ", reset bug";
    case reset_bug::no:
      return name;
    default:
      return name + ", unknown";
  }
}

text_table::cell library_cell(const sqlite_copy& x) {
  return {copy_text(x),
          x.bug == reset_bug::yes ? style::warning : style::plain};
}

void add_process(text_table& to, const open_process& x) {
  auto& handles = x.handles[file_part::file];
  text_table::cell unknown{"unknown", style::dim};
  to.add({std::to_string(x.id), command_text(x.command),
          std::to_string(handles.writing), std::to_string(handles.reading),
          x.libraries.empty() ? unknown : library_cell(x.libraries.front())});
  for (size_t i = 1; i < x.libraries.size(); ++i)
    to.add({"", "", "", "", library_cell(x.libraries[i])});
}

void add_processes(report_lines& to, const audit_facts& x) {
  add_title(to, "Processes");
  auto unseen = unseen_lock_holders(x);
  if (x.processes.open.empty() && unseen.empty()) {
    to.push_back({"  None has the file open, as far as can be seen."});
    return;
  }
  text_table table{{{"process"},
                    {"command", text_table::align::left},
                    {"writing"},
                    {"reading"},
                    {"SQLite", text_table::align::left}},
                   2};
  for (auto& process : x.processes.open)
    add_process(table, process);
  for (auto id : unseen)
    table.add({std::to_string(id),
               "seen by its locks only",
               "?",
               "?",
               {"unknown", style::dim}});
  for (auto& line : table.lines())
    to.push_back(line);
}

// -- the locks ----------------------------------------------------------------

std::string mark_text(const index_facts& index, size_t mark) {
  return mark == 0 ? "the file alone"
                   : "up to frame " + with_separators(index.read_marks[mark]);
}

// The kernel shows two locks side by side as one.
std::string frame_text(const audit_facts& x, const file_lock& lock) {
  std::string result;
  if (lock.part != file_part::index || lock.exclusive || !x.log.index)
    return result;
  for (size_t i = 0; i < read_mark_count; ++i)
    if (lock.first <= first_read_lock + i && first_read_lock + i <= lock.last)
      result += (result.empty() ? ": " : ", ") + mark_text(*x.log.index, i);
  return result;
}

void add_locks(report_lines& to, const audit_facts& x) {
  if (x.locks.empty())
    return;
  add_title(to, "Locks");
  text_table table{{{"process"},
                    {"on", text_table::align::left},
                    {"mode", text_table::align::left},
                    {"meaning", text_table::align::left}},
                   2};
  for (auto& lock : x.locks) {
    auto on = lock.part == file_part::file ? "the file" : suffix_of(lock.part);
    std::string mode = lock.exclusive ? "exclusive" : "shared";
    table.add({lock.process < 0 ? "unknown" : std::to_string(lock.process), on,
               lock.waiting ? mode + ", waits" : mode,
               meaning_of(lock) + frame_text(x, lock)});
  }
  for (auto& line : table.lines())
    to.push_back(line);
}

// -- the findings -------------------------------------------------------------

void add_paragraph(report_lines& to, std::string_view label, style how,
                   std::string_view text) {
  constexpr size_t text_column = 8;
  for (auto& line : wrapped(text, report_columns - text_column)) {
    styled_line result{"  "};
    to.push_back(result.add(label, how).pad_to(text_column).add(line));
    label = {};
  }
}

void add_finding(report_lines& to, const finding& x, bool is_first) {
  if (!is_first)
    to.emplace_back();
  if (x.level == finding_level::risk)
    add_paragraph(to, "RISK", style::bad, printable(x.what));
  else
    add_paragraph(to, "note", style::accent, printable(x.what));
  add_paragraph(to, "do:", style::dim, x.advice);
}

bool is_incomplete(const process_facts& x) {
  return x.unreadable > 0 || x.hidden || !x.known;
}

styled_line verdict(const audit_facts& facts, const std::vector<finding>& xs) {
  auto risks = static_cast<size_t>(
    std::count_if(xs.begin(), xs.end(), [](const finding& x) {
      return x.level == finding_level::risk;
    }));
  auto notes = xs.size() - risks;
  styled_line result{"onewriter audit: ", style::bold};
  if (risks == 0)
    result.add("nothing at risk", style::good)
      .add(is_incomplete(facts.processes) ? ", as far as can be seen" : "");
  else
    result.add(format_count(risks, "risk"), style::bad);
  if (notes > 0)
    result.add(", " + format_count(notes, "note"));
  return result;
}

} // namespace

std::vector<styled_line> report_text(const audit_facts& facts,
                                     const std::vector<finding>& findings) {
  report_lines result{verdict(facts, findings)};
  add_facts(result, facts);
  add_processes(result, facts);
  add_locks(result, facts);
  if (!findings.empty())
    add_title(result, "Findings");
  for (auto& x : findings)
    add_finding(result, x, &x == &findings.front());
  return result;
}

} // namespace onewriter::node
