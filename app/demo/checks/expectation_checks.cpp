#include "app/demo/checks/expectation_checks.hpp"

#include "actors/console/format.hpp"

namespace onewriter::node {

namespace {

bool is_read(activity x) {
  return x == activity::look_up || x == activity::search
         || x == activity::list_peers;
}

check busy_check(const scores& told) {
  uint64_t busy = 0;
  uint64_t requests = 0;
  for (auto& x : told.activities)
    requests += x.done + x.failed;
  for (auto& x : told.errors)
    busy += x.code == ec::busy ? x.count : 0;
  return {"no caller saw a busy error", busy == 0,
          busy == 0 ? format_count(requests, "request")
                    : with_separators(busy) + " busy"};
}

// Timeouts of readers on a slow machine and refusals of senders that send too
// much lose nothing. A write that fails is lost.
check failure_check(const scores& told) {
  uint64_t bad = 0;
  std::string example;
  for (auto& x : told.errors)
    if (!is_read(x.what) && x.code != ec::overloaded) {
      bad += x.count;
      example = to_string(x.code);
    }
  return {"no write failed", bad == 0,
          bad == 0 ? "" : with_separators(bad) + ", " + example};
}

check lookup_check(const peer_record& sum) {
  return {"reads after a receipt find its row", sum.overlooked == 0,
          sum.overlooked == 0 ? format_count(sum.lookups, "look-up")
                              : with_separators(sum.overlooked) + " not found"};
}

check search_check(const searcher_record& sum) {
  return {"searches find words of indexed texts", sum.in_vain == 0,
          sum.in_vain == 0 ? with_separators(sum.searches) + " searches"
                           : with_separators(sum.in_vain) + " not found, '"
                               + sum.example + "'"};
}

check best_effort_check(const expected_state& what, uint64_t sent) {
  auto& x = what.database.best_effort;
  auto sum = x.written + x.coalesced + total_dropped(x) + x.failed + x.pending;
  auto holds = x.submitted == sent && x.submitted == sum && x.pending == 0
               && x.failed == 0;
  return {"best-effort counters add up", holds,
          holds
            ? format_count(sent, "message")
            : with_separators(sent) + " sent, " + with_separators(x.submitted)
                + " received, " + with_separators(sum) + " accounted for, "
                + with_separators(x.failed) + " failed, "
                + with_separators(x.pending) + " pending"};
}

check write_counts_check(const write_counts& x) {
  auto sum
    = x.acknowledged + x.failed + x.refused + x.expired + x.unknown + x.pending;
  auto holds = x.submitted == sum && x.pending == 0;
  return {"write counters add up", holds,
          holds ? format_count(x.submitted, "write")
                : with_separators(x.submitted) + " received, "
                    + with_separators(sum) + " accounted for, "
                    + with_separators(x.pending) + " pending"};
}

check closing_check(const close_receipt& x) {
  auto holds = x.drained && x.refused == 0 && x.log_removed;
  return {"the file was closed in order", holds,
          holds ? "commit " + with_separators(x.commit)
                : with_separators(x.refused) + " refused, log "
                    + (x.log_removed ? "removed" : "left")};
}

} // namespace

checks expectation_checks(const expected_state& what) {
  auto peers = sum_of(what.records);
  checks result;
  if (!what.failure.empty())
    result.push_back({"the database kept working", false, what.failure});
  result.push_back(busy_check(what.told));
  result.push_back(failure_check(what.told));
  result.push_back(lookup_check(peers));
  result.push_back(search_check(sum_of(what.searchers)));
  result.push_back(best_effort_check(what, peers.peer_updates));
  result.push_back(write_counts_check(what.database.writes));
  result.push_back(closing_check(what.closing));
  return result;
}

} // namespace onewriter::node
