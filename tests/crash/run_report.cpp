#include "tests/crash/run_report.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstdio>

namespace onewriter::test {

namespace {

using reports_type = std::vector<run_report>;

template <class Getter>
void print_line(const char* title, const reports_type& reports, Getter get) {
  std::printf("%-33s", title);
  for (auto& x : reports)
    std::printf(" %11" PRIu64, static_cast<uint64_t>(get(x)));
  std::printf("\n");
}

void print_processes(const reports_type& all) {
  print_line("killed", all, [](auto& x) { return x.killed; });
  print_line("  before the file was open", all,
             [](auto& x) { return x.killed_opening; });
  print_line("  leaving a log", all, [](auto& x) { return x.killed_with_log; });
  print_line("  inside a checkpoint", all,
             [](auto& x) { return x.killed_in_checkpoint; });
  print_line("  with a reader that pins the log", all,
             [](auto& x) { return x.killed_pinned; });
  print_line("  with an index job", all,
             [](auto& x) { return x.killed_indexing; });
  print_line("  while being stopped", all,
             [](auto& x) { return x.killed_stopping; });
  print_line("stopped in order", all, [](auto& x) { return x.stopped; });
  print_line("  with requests to refuse", all,
             [](auto& x) { return x.stopped_undrained; });
  print_line("  longest, ms", all,
             [](auto& x) { return x.longest_stop.count(); });
}

void print_outcome(const reports_type& all) {
  print_line("rows sent", all, [](auto& x) { return x.outcome.sent; });
  print_line("  sent again", all, [](auto& x) { return x.resent; });
  print_line("  acknowledged", all,
             [](auto& x) { return x.outcome.acknowledged; });
  print_line("  refused", all, [](auto& x) { return x.outcome.refused; });
  print_line("  unanswered", all, [](auto& x) { return x.outcome.unanswered; });
  print_line("    of which in the file", all,
             [](auto& x) { return x.outcome.unanswered_but_there; });
  print_line("large requests that had to fail", all,
             [](auto& x) { return x.burdens; });
  print_line("documents whole", all, [](auto& x) { return x.documents_whole; });
  print_line("  acknowledged", all,
             [](auto& x) { return x.documents_acknowledged; });
  print_line("  begun, or done, before the end", all,
             [](auto& x) { return x.documents_kept; });
}

void print_faults(const reports_type& all) {
  for (size_t i = 0; i < flaw_count; ++i)
    print_line(to_string(static_cast<flaw>(i)), all,
               [i](auto& x) { return count(x.outcome.findings)[i]; });
  print_line("altered", all, [](auto& x) { return x.outcome.altered; });
  print_line("receipts back in time", all,
             [](auto& x) { return x.outcome.back_in_time; });
  print_line("tallies wrong", all,
             [](auto& x) { return x.outcome.tallies_wrong; });
  print_line("problems of the file", all,
             [](auto& x) { return x.outcome.problems.size(); });
}

void print_findings(const run_report& x) {
  constexpr size_t most = 10;
  auto& all = x.outcome.findings;
  for (size_t i = 0; i < std::min(most, all.size()); ++i)
    std::printf("%s: %s\n", x.name.c_str(), all[i].text.c_str());
}

} // namespace

void print(const reports_type& reports) {
  std::printf("%-33s", "");
  for (auto& x : reports)
    std::printf(" %11s", x.name.c_str());
  std::printf("\n");
  print_processes(reports);
  print_outcome(reports);
  print_faults(reports);
  for (auto& x : reports) {
    for (auto& line : x.troubles)
      std::printf("%s: %s\n", x.name.c_str(), line.c_str());
    for (auto& line : x.outcome.problems)
      std::printf("%s: %s\n", x.name.c_str(), line.c_str());
    print_findings(x);
  }
}

} // namespace onewriter::test
