#include "tests/power/power_report.hpp"

#include <functional>
#include <iomanip>
#include <ostream>

namespace onewriter::test {

namespace {

struct measure {
  const char* name;
  std::function<uint64_t(const power_counts&)> get;
};

const std::vector<measure>& measures() {
  using counts = power_counts;
  static const std::vector<measure> result = {
    {"power cuts",
     [](const counts& x) {
       return x.cuts;
     }},
    {"  that stopped a running system",
     [](const counts& x) {
       return x.real_cuts;
     }},
    {"  while a document was being indexed",
     [](const counts& x) {
       return x.jobs_interrupted;
     }},
    {"  after which that went on where it was",
     [](const counts& x) {
       return x.jobs_resumed;
     }},
    {"runs of a database",
     [](const counts& x) {
       return x.runs;
     }},
    {"  with tiny resources",
     [](const counts& x) {
       return x.tiny_runs;
     }},
    {"  with a reader that pins the log",
     [](const counts& x) {
       return x.pinned_runs;
     }},
    {"large requests that had to fail",
     [](const counts& x) {
       return x.burdens;
     }},
    {"acknowledged writes at the cuts",
     [](const counts& x) {
       return x.acknowledged;
     }},
    {"  lost",
     [](const counts& x) {
       return x.lost;
     }},
    {"  commits that they were in",
     [](const counts& x) {
       return x.lost_commits;
     }},
    {"unsynced sectors kept",
     [](const counts& x) {
       return x.damage.kept;
     }},
    {"unsynced sectors lost",
     [](const counts& x) {
       return x.damage.lost;
     }},
    {"unsynced sectors torn",
     [](const counts& x) {
       return x.damage.torn;
     }},
    {"truncations lost",
     [](const counts& x) {
       return x.damage.lost_truncations;
     }},
    {"names whose change was lost",
     [](const counts& x) {
       return x.damage.lost_names;
     }},
    {"cuts after which something was wrong",
     [](const counts& x) {
       return x.failed_cuts;
     }},
  };
  return result;
}

} // namespace

void print_table(std::ostream& out, const std::vector<power_counts>& lines) {
  constexpr int name_width = 42;
  constexpr int width = 12;
  out << std::left << std::setw(name_width) << "synchronous" << std::right;
  for (auto& x : lines)
    out << std::setw(width) << to_string(x.level);
  out << '\n';
  for (auto& what : measures()) {
    out << std::left << std::setw(name_width) << what.name << std::right;
    for (auto& x : lines)
      out << std::setw(width) << what.get(x);
    out << '\n';
  }
}

} // namespace onewriter::test
