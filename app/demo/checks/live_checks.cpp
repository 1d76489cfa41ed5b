#include "app/demo/checks/live_checks.hpp"

#include "actors/console/format.hpp"
#include "app/demo/checks/session_check.hpp"
#include "app/demo/core/node_schema.hpp"
#include "onewriter/failure.hpp"

namespace onewriter::node {

namespace {

constexpr const char* source = "cursor";

checks check_sessions(client& db, const expected_state& what,
                      const check_progress& progress) {
  auto total = sum_of(what.records).acknowledged();
  session_audit audit{what.records};
  uint64_t rows = 0;
  query request{all_sessions_sql, what.run};
  request.deadline = std::chrono::minutes{10};
  auto err = db.for_each_row(std::move(request), [&](const row& x) {
    auto [peer, number, id] = x.as<int64_t, uint64_t, int64_t>();
    audit.row(peer, number, id);
    if (++rows % 1'000 == 0)
      progress("reading the sessions", rows, total);
    return true;
  });
  if (err == caf::none)
    return session_checks(audit.finish(), source);
  return {
    {"every receipt's row is there, in order: cursor", false, describe(err)}};
}

check check_integrity(client& db, const check_progress& progress) {
  constexpr const char* name = "the file is sound: integrity_check";
  progress("asking for an integrity check", 0, 0);
  auto report = db.check_integrity();
  if (!report)
    return {name, false, describe(report.error())};
  return {name, report->ok(), report->ok() ? "ok" : report->problems.front()};
}

} // namespace

checks live_checks(client& db, const expected_state& what,
                   const check_progress& progress) {
  auto result = check_sessions(db, what, progress);
  result.push_back(check_integrity(db, progress));
  return result;
}

} // namespace onewriter::node
