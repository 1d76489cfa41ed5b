#include "app/audit/audit.hpp"

#include "actors/console/terminal.hpp"
#include "app/audit/gather/database_file.hpp"
#include "app/audit/gather/file_reading.hpp"
#include "app/audit/gather/integrity.hpp"
#include "app/audit/gather/lock_table.hpp"
#include "app/audit/gather/log_state.hpp"
#include "app/audit/gather/process_scan.hpp"
#include "app/audit/judge/findings.hpp"
#include "app/audit/report/report_json.hpp"
#include "app/audit/report/report_text.hpp"
#include "app/audit/source/source_report.hpp"
#include "app/audit/source/source_scan.hpp"
#include "app/audit/time_limit.hpp"
#include "app/core/run_failure.hpp"

#include <cerrno>
#include <iostream>
#include <system_error>

#include <sys/stat.h>

namespace onewriter::node {

namespace {

// For what is not the check of the content, whose time is limited by itself.
constexpr std::chrono::seconds patience{60};
constexpr size_t most_lock_bytes = 64 << 20;

bool is_unused(const audit_facts& x) {
  return !is_in_use(x) && x.parts[file_part::log].bytes == 0;
}

// Also a read-only connection creates a log, or fails without its index.
bool lacks_log(const audit_facts& x) {
  return x.header.uses_log()
         && !(x.parts[file_part::log].identity
              && x.parts[file_part::index].identity);
}

// Why the content cannot or should not be checked; empty if it can.
std::string reason_against(const audit_facts& x, bool is_asked_for) {
  if (x.parts[file_part::file].bytes == 0)
    return "the file is empty";
  if (x.journal_filled)
    return "a transaction is in the journal";
  if (is_unused(x))
    return {};
  if (!is_asked_for)
    return is_in_use(x) ? "other processes use the file"
                        : "there is content in the log";
  return lacks_log(x) ? "SQLite would have to create its log or the log's index"
                      : "";
}

integrity_facts integrity_of(const audit_facts& x, const audit_options& asked) {
  integrity_facts result;
  result.reason = reason_against(x, asked.integrity);
  if (!result.reason.empty())
    return result;
  return check_integrity(
    x.path, is_unused(x) ? check_access::unused : check_access::in_use,
    asked.integrity, asked.integrity_time);
}

std::string rendered(const std::vector<styled_line>& lines) {
  std::string result;
  for (auto& line : lines)
    result += line.render(wants_colours()) + '\n';
  return result;
}

int complain_about(const std::string& problem) {
  std::cerr << "onewriter: " << problem << '\n';
  return exit_status::bad_arguments;
}

int print_result(const std::string& text, int status) {
  if (write_out(text))
    return status;
  return complain_about("cannot write to standard output: "
                        + std::generic_category().message(errno));
}

int audit_source(const audit_options& asked) {
  struct stat info;
  if (::stat(asked.source.c_str(), &info) != 0)
    return complain_about(asked.source + ": "
                          + std::generic_category().message(errno));
  if (!S_ISDIR(info.st_mode))
    return complain_about(asked.source + " is not a folder");
  auto found = scan_source(asked.source);
  return print_result(asked.json ? source_json(asked.source, found) + '\n'
                                 : rendered(source_report(asked.source, found)),
                      exit_status::success);
}

int audit_file(const audit_options& asked) {
  audit_facts facts;
  {
    time_limit limit{patience + asked.integrity_time,
                     exit_status::bad_arguments};
    if (auto problem = gather_facts(asked, facts); !problem.empty())
      return complain_about(problem);
  }
  auto findings = judge(facts);
  return print_result(asked.json ? report_json(facts, findings) + '\n'
                                 : rendered(report_text(facts, findings)),
                      has_risk(findings) ? exit_status::failure
                                         : exit_status::success);
}

} // namespace

std::string gather_facts(const audit_options& asked, audit_facts& result) {
  if (auto problem = find_database(asked.file, result); !problem.empty())
    return problem;
  auto journal = journal_beginning(result.path);
  result.processes = scan_processes(result.path, result.parts);
  auto locks = parse_locks(read_text("/proc/locks", most_lock_bytes));
  result.locks = locks_of_database(locks, result.parts, result.processes.open);
  // A journal that a transaction in progress has, and another one later, are no
  // two halves of one that was cut off.
  result.journal_filled
    = !journal.empty() && journal == journal_beginning(result.path);
  result.log = read_log(result.path, is_used(result, file_part::index));
  result.integrity = integrity_of(result, asked);
  return {};
}

int run_audit(const audit_options& asked) {
  return asked.source.empty() ? audit_file(asked) : audit_source(asked);
}

} // namespace onewriter::node
