#include "app/demo/checks/session_check.hpp"

#include "actors/console/format.hpp"

namespace onewriter::node {

namespace {

void add(std::string& to, uint64_t count, const char* what) {
  if (count > 0)
    to += (to.empty() ? "" : ", ") + with_separators(count) + ' ' + what;
}

} // namespace

checks session_checks(const session_audit::verdict& verdict,
                      const std::string& source) {
  std::string wrong;
  add(wrong, verdict.missing, "missing");
  add(wrong, verdict.mistaken, "peers with other ids");
  add(wrong, verdict.disordered, "out of order");
  std::string extra;
  add(extra, verdict.doubled, "twice");
  add(extra, verdict.unexpected, "never acknowledged");
  auto rows = format_count(verdict.rows, "row");
  return {{"every receipt's row is there, in order: " + source, wrong.empty(),
           wrong.empty() ? rows : wrong},
          {"no row is duplicate or extra: " + source, extra.empty(),
           extra.empty() ? rows : extra}};
}

} // namespace onewriter::node
