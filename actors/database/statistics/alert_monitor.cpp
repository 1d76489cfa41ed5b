#include "actors/database/statistics/alert_monitor.hpp"

#include "actors/support/wall_clock.hpp"

#include <cmath>
#include <cstdio>

namespace onewriter {

namespace {

double seconds(std::chrono::nanoseconds x) {
  return std::chrono::duration<double>{x}.count();
}

double since(uint64_t before, uint64_t now) {
  return static_cast<double>(now - before);
}

double refusals(const statistics& x) {
  return static_cast<double>(x.writes.refused + x.best_effort.dropped_full
                             + x.best_effort.dropped_too_big);
}

uint64_t restarts(const statistics& x) {
  return x.writer_restarts + x.reader_restarts;
}

} // namespace

alert_monitor::alert_monitor(const alert_options& thresholds) {
  auto rule = [](alert_kind kind, double threshold) {
    return alert_rule{to_string(kind), threshold};
  };
  auto add = [&](alert_kind kind, double threshold, auto measure,
                 const char* meaning) {
    watches_.push_back({kind, rule(kind, threshold), measure, meaning});
  };
  using ref = const statistics&;
  add(
    alert_kind::pending_writes, static_cast<double>(thresholds.pending_writes),
    [](ref, ref now) { return static_cast<double>(now.writes.pending); },
    "# writes waiting");
  add(
    alert_kind::oldest_pending, seconds(thresholds.oldest_pending),
    [](ref, ref now) { return seconds(now.oldest_pending); },
    "the oldest write has waited # s");
  add(
    alert_kind::dead_letters, static_cast<double>(thresholds.dead_letters),
    [](ref, ref now) { return static_cast<double>(now.dead_letters); },
    "# dead letters; see list_dead_letters");
  add(
    alert_kind::wal_size, static_cast<double>(thresholds.wal_bytes),
    [](ref, ref now) { return static_cast<double>(now.wal_bytes); },
    "# bytes in the write-ahead log; a long reader may prevent its reuse");
  add(
    alert_kind::oldest_reader, seconds(thresholds.oldest_reader),
    [](ref, ref now) { return seconds(now.oldest_reader); },
    "the oldest query or cursor has been reading for # s");
  add(
    alert_kind::restarts, 1,
    [](ref before, ref now) { return since(restarts(before), restarts(now)); },
    "# restarts of the writer or of readers since the last check");
  add(
    alert_kind::refusals, 1,
    [](ref before, ref now) { return refusals(now) - refusals(before); },
    "# requests refused or dropped since the last check");
  add(
    alert_kind::slow_statement, 1,
    [](ref before, ref now) {
      return since(before.slow_statements, now.slow_statements);
    },
    "# slow statements since the last check; see the log");
  add(
    alert_kind::failed, 1,
    [](ref, ref now) { return now.state == "failed" ? 1.0 : 0.0; },
    "the database has stopped working; see the log");
}

std::vector<alert> alert_monitor::check(const statistics& now) {
  std::vector<alert> result;
  for (auto& x : watches_) {
    x.last = x.measure(before_, now);
    auto change = x.rule.update(x.last);
    if (change != alert_change::none)
      result.push_back(make_alert(x, change == alert_change::raised));
  }
  before_ = now;
  return result;
}

std::vector<alert> alert_monitor::raised() const {
  std::vector<alert> result;
  for (auto& x : watches_)
    if (x.rule.raised())
      result.push_back(make_alert(x, true));
  return result;
}

alert alert_monitor::make_alert(const watch& x, bool raised) {
  // Counts have all of their digits.
  char number[32];
  auto is_count = x.last == std::floor(x.last) && std::abs(x.last) < 1e15;
  std::snprintf(number, sizeof number, is_count ? "%.0f" : "%g", x.last);
  alert result;
  result.kind = x.kind;
  result.raised = raised;
  result.measured = x.last;
  result.threshold = x.rule.threshold();
  result.message = x.meaning;
  if (auto at = result.message.find('#'); at != std::string::npos)
    result.message.replace(at, 1, number);
  if (!raised)
    result.message.insert(0, "cleared: ");
  result.unix_ms = unix_ms_now();
  return result;
}

} // namespace onewriter
