#include "app/demo/summary/queries.hpp"
#include "app/demo/summary/summary.hpp"

#include <nlohmann/json.hpp>

namespace onewriter::node {

namespace {

// Members keep their order.
using json = nlohmann::ordered_json;

double seconds(std::chrono::nanoseconds x) {
  return static_cast<double>(x.count()) / 1e9;
}

double milliseconds(std::chrono::nanoseconds x) {
  return static_cast<double>(x.count()) / 1e6;
}

template <class T>
json or_null(const std::optional<T>& x) {
  return x ? json(*x) : json(nullptr);
}

json latency_json(const latency& x) {
  json result{{"count", x.count}};
  if (x.count == 0)
    return result;
  result["p50_ms"] = milliseconds(x.p50);
  result["p99_ms"] = milliseconds(x.p99);
  result["max_ms"] = milliseconds(x.max);
  return result;
}

json run_json(const demo_result& x) {
  return {
    {"path", x.root},
    {"database", x.database.path},
    {"sqlite_version", x.database.sqlite_version},
    {"synchronous", x.database.synchronous},
    {"peers", x.asked.peers},
    {"chaos_s", seconds(x.asked.chaos)},
    {"stopped", x.stopped},
    {"running_s", seconds(x.running_time)},
    {"checking_s", seconds(x.checking_time)},
    {"peak_memory_bytes", x.peak_memory_bytes},
    {"database_bytes", x.database_bytes},
  };
}

json store_json(const store_state& x) {
  return {
    {"complete", x.finished},
    {"total_files", x.total_files},
    {"total_bytes", x.total_bytes},
    {"files", x.files},
    {"bytes", x.bytes},
    {"blocks", x.blocks},
    {"new_blocks", x.new_blocks},
    {"texts", x.texts},
    {"unreadable", x.unreadable},
  };
}

json index_json(const index_state& x) {
  return {
    {"complete", x.finished},
    {"texts", x.texts},
    {"bytes", x.bytes},
    {"passages", x.passages},
    {"chunks", x.chunks},
    {"unchanged", x.unchanged},
    {"changed", x.changed},
    {"cancelled", x.cancelled},
    {"longest_chunk_ms", milliseconds(x.longest_chunk)},
  };
}

json activities_json(const demo_result& x) {
  auto result = json::object();
  for (size_t i = 0; i < activity_count; ++i) {
    auto what = static_cast<activity>(i);
    auto& score = x.told.told.of(what);
    result[to_string(what)] = {
      {"done", score.done},
      {"failed", score.failed},
      {"latency", latency_json(latency_of(x, what))},
    };
  }
  return result;
}

json comparison_json(const scores& x) {
  auto ratio = busy_ratio(x);
  std::optional<bool> met;
  if (ratio)
    met = *ratio <= ratio_target;
  return {
    {"indexing_off", latency_json(x.quiet_connect)},
    {"indexing_on", latency_json(x.busy_connect)},
    {"ratio", or_null(ratio)},
    {"goal", ratio_target},
    {"goal_met", or_null(met)},
  };
}

json writer_json(const demo_result& x) {
  auto& from = x.told.database;
  std::optional<double> per_commit;
  if (from.commits > 0)
    per_commit = static_cast<double>(from.committed_requests)
                 / static_cast<double>(from.commits);
  return {
    {"commits", from.commits},
    {"committed_requests", from.committed_requests},
    {"requests_per_commit", or_null(per_commit)},
    {"injected_failures", x.told.told.sabotages},
    {"restarts", from.writer_restarts},
    {"batches_repeated", from.batches_repeated},
    {"dead_letters", from.dead_letters},
    {"checkpoints", from.checkpoints},
    {"slow_statements", from.slow_statements},
  };
}

json best_effort_json(const best_effort_counts& x) {
  return {
    {"submitted", x.submitted}, {"written", x.written},
    {"coalesced", x.coalesced}, {"dropped", total_dropped(x)},
    {"failed", x.failed},
  };
}

json errors_json(const scores& x) {
  auto result = json::array();
  for (auto& e : x.errors)
    result.push_back({
      {"activity", to_string(e.what)},
      {"code", to_string(e.code)},
      {"count", e.count},
      {"example", e.example},
    });
  return result;
}

json checks_json(const checks& xs) {
  auto result = json::array();
  for (auto& c : xs)
    result.push_back(
      {{"name", c.name}, {"holds", c.holds}, {"detail", c.detail}});
  return result;
}

} // namespace

std::string summary_json(const demo_result& what) {
  json result{
    {"ok", what.ok()},
    {"run", run_json(what)},
    {"store", store_json(what.told.stored)},
    {"index", index_json(what.told.indexed)},
    {"activities", activities_json(what)},
    {"connect_p99", comparison_json(what.told.told)},
    {"writer", writer_json(what)},
    {"best_effort", best_effort_json(what.told.database.best_effort)},
    {"errors", errors_json(what.told.told)},
    {"checks", checks_json(what.checks)},
    {"queries_to_try", queries_to_try(what)},
  };
  // Names of files are not always UTF-8.
  return result.dump(2, ' ', false, json::error_handler_t::replace);
}

} // namespace onewriter::node
