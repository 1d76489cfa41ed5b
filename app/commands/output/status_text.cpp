#include "app/commands/output/status_text.hpp"

#include "actors/console/format.hpp"
#include "actors/console/text_table.hpp"
#include "app/commands/output/dead_letter_text.hpp"

#include <algorithm>
#include <utility>

namespace onewriter::node {

namespace {

double in_ms(std::chrono::nanoseconds x) {
  return static_cast<double>(x.count()) / 1e6;
}

// Requests that one commit holds on average.
double requests_per_commit(const statistics& x) {
  return x.commits == 0 ? 0.0
                        : static_cast<double>(x.committed_requests)
                            / static_cast<double>(x.commits);
}

// -- text -----------------------------------------------------------------------

std::string lanes_of(const statistics& x) {
  return "urgent " + with_separators(x.depth_urgent) + ", normal "
         + with_separators(x.depth_normal) + ", best effort "
         + with_separators(x.depth_best_effort) + ", chunks "
         + with_separators(x.depth_chunk) + ", background "
         + with_separators(x.depth_background);
}

std::string rate_of(const statistics& x) {
  return format_rate(x.requests_per_second) + " requests/s, "
         + format_rate(x.commits_per_second) + " commits/s, "
         + format_rate(requests_per_commit(x)) + " requests a commit";
}

std::string latency_of(const latency& x) {
  if (x.count == 0)
    return "none yet";
  return with_separators(x.count) + "; p50 " + format_ms(x.p50) + " ms, p99 "
         + format_ms(x.p99) + " ms, max " + format_ms(x.max) + " ms";
}

std::string drops_of(const best_effort_counts& x) {
  return with_separators(x.dropped_full) + " full, "
         + with_separators(x.dropped_too_big) + " too big, "
         + with_separators(x.dropped_closed) + " closed, "
         + with_separators(x.dropped_unknown) + " unknown";
}

std::string sqlite_of(const database_info& x) {
  return x.sqlite_version + ", synchronous=" + x.synchronous
         + (x.has_wal_reset_bug ? "; its WAL-reset bug cannot be reached" : "");
}

std::string readers_of(const database_info& info, const statistics& now) {
  return format_count(info.readers, "reader") + ", "
         + format_count(now.open_cursors, "cursor") + ", "
         + with_separators(now.pending_queries) + " waiting, oldest "
         + format_seconds(now.oldest_reader);
}

std::string longest_of(const longest_write& x) {
  if (x.sql.empty())
    return "none yet";
  return format_ms(x.duration) + " ms, " + shorten(printable(x.sql), 44);
}

std::string processes_of(const statistics& now) {
  auto result = with_separators(now.dropped_processes) + " dropped, "
                + with_separators(now.refused_processes) + " refused";
  if (!now.last_turned_away.empty())
    result += ", last: " + shorten(printable(now.last_turned_away), 60);
  return result;
}

using status_line = std::pair<const char*, std::string>;

std::vector<status_line> lines_of(const database_info& info,
                                  const statistics& now) {
  return {
    {"file", shorten(printable(info.path), 60)},
    {"state", now.state},
    {"SQLite", sqlite_of(info)},
    {"opened at", "commit " + with_separators(info.commit)},
    {"size", format_bytes(now.database_bytes) + " in pages of "
               + with_separators(static_cast<uint64_t>(info.page_size))
               + " bytes"},
    {"log", format_bytes(now.wal_bytes)},
    {"dead letters", with_separators(now.dead_letters)},
    {"waiting writes", with_separators(now.writes.pending) + ", oldest "
                         + format_ms(now.oldest_pending) + " ms"},
    {"in lanes", lanes_of(now)},
    {"rate", rate_of(now)},
    {"writes", latency_of(now.write_latency)},
    {"queries", latency_of(now.query_latency)},
    {"readers", readers_of(info, now)},
    {"dropped", drops_of(now.best_effort)},
    {"restarts", with_separators(now.writer_restarts) + " of the writer, "
                   + with_separators(now.reader_restarts) + " of readers"},
    {"processes", processes_of(now)},
    {"checkpoints", with_separators(now.checkpoints)},
    {"lock waits", with_separators(now.lock_waits)},
    {"slow statements", with_separators(now.slow_statements)},
    {"longest write", longest_of(now.longest)},
    {"index jobs", with_separators(now.index_jobs)},
  };
}

// -- slow requests --------------------------------------------------------------

// As many as a screen has room for.
constexpr size_t max_slow_lines = 3;

json slowest_json(const std::vector<slow_request>& xs) {
  auto result = json::array();
  for (auto& x : xs)
    result.push_back({{"ms", in_ms(x.duration)},
                      {"time", time_text(x.unix_ms)},
                      {"lane", x.lane},
                      {"sql", x.sql}});
  return result;
}

// -- JSON -----------------------------------------------------------------------

json latency_json_of(const latency& x) {
  return {
    {"count", x.count},
    {"p50_ms", in_ms(x.p50)},
    {"p99_ms", in_ms(x.p99)},
    {"max_ms", in_ms(x.max)},
  };
}

json info_json(const database_info& x) {
  return {
    {"path", x.path},
    {"sqlite_version", x.sqlite_version},
    {"has_wal_reset_bug", x.has_wal_reset_bug},
    {"synchronous", x.synchronous},
    {"page_size", x.page_size},
    {"readers", x.readers},
    {"commit", x.commit},
  };
}

json writes_json(const write_counts& x) {
  return {
    {"submitted", x.submitted}, {"acknowledged", x.acknowledged},
    {"failed", x.failed},       {"refused", x.refused},
    {"expired", x.expired},     {"unknown", x.unknown},
    {"pending", x.pending},     {"pending_bytes", x.pending_bytes},
  };
}

json best_effort_counts_json(const best_effort_counts& x) {
  return {
    {"submitted", x.submitted},
    {"written", x.written},
    {"coalesced", x.coalesced},
    {"dropped_full", x.dropped_full},
    {"dropped_too_big", x.dropped_too_big},
    {"dropped_closed", x.dropped_closed},
    {"dropped_unknown", x.dropped_unknown},
    {"failed", x.failed},
    {"pending", x.pending},
  };
}

json depths_json(const statistics& x) {
  return {
    {"urgent", x.depth_urgent},           {"normal", x.depth_normal},
    {"best_effort", x.depth_best_effort}, {"chunk", x.depth_chunk},
    {"background", x.depth_background},
  };
}

json latencies_json(const statistics& x) {
  return {
    {"write", latency_json_of(x.write_latency)},
    {"urgent", latency_json_of(x.urgent_latency)},
    {"background", latency_json_of(x.background_latency)},
    {"best_effort", latency_json_of(x.best_effort_latency)},
    {"chunk", latency_json_of(x.chunk_latency)},
    {"query", latency_json_of(x.query_latency)},
    {"search", latency_json_of(x.search_latency)},
  };
}

} // namespace

std::string status_text(const database_info& info, const statistics& now) {
  text_table table{
    {{"", text_table::align::left}, {"", text_table::align::left}}};
  for (auto& [name, content] : lines_of(info, now))
    table.add({name, content});
  std::string result;
  for (auto& x : table.lines())
    result += x.render(false) + '\n';
  for (auto& line : slow_lines(now))
    result += line + '\n';
  return result;
}

std::vector<std::string> slow_lines(const statistics& now) {
  std::vector<std::string> result;
  for (auto& x : now.slowest)
    if (result.size() < max_slow_lines) {
      auto line = "slow  " + format_ms(x.duration) + " ms  "
                  + time_text(x.unix_ms) + "  " + x.lane + "  ";
      auto width = std::max<size_t>(line.size() + 10, 80) - line.size();
      result.push_back(line + shorten(printable(x.sql), width));
    }
  return result;
}

json status_json(const database_info& info, const statistics& now) {
  json result{
    {"state", now.state},
    {"database", info_json(info)},
    {"writes", writes_json(now.writes)},
    {"best_effort", best_effort_counts_json(now.best_effort)},
    {"depth", depths_json(now)},
    {"latency", latencies_json(now)},
    {"oldest_pending_ms", in_ms(now.oldest_pending)},
    {"oldest_reader_ms", in_ms(now.oldest_reader)},
    {"requests_per_second", now.requests_per_second},
    {"commits_per_second", now.commits_per_second},
  };
  auto add = [&result](const char* name, uint64_t count) {
    result[name] = count;
  };
  add("queries", now.queries);
  add("failed_queries", now.failed_queries);
  add("pending_queries", now.pending_queries);
  add("searches", now.searches);
  add("commits", now.commits);
  add("committed_requests", now.committed_requests);
  add("dead_letters", now.dead_letters);
  add("writer_restarts", now.writer_restarts);
  add("reader_restarts", now.reader_restarts);
  add("batches_repeated", now.batches_repeated);
  add("lock_waits", now.lock_waits);
  add("slow_statements", now.slow_statements);
  add("checkpoints", now.checkpoints);
  add("wal_bytes", now.wal_bytes);
  add("database_bytes", now.database_bytes);
  add("index_jobs", now.index_jobs);
  add("open_cursors", now.open_cursors);
  add("dropped_processes", now.dropped_processes);
  add("refused_processes", now.refused_processes);
  result["last_turned_away"] = now.last_turned_away;
  result["longest_write"] = {{"ms", in_ms(now.longest.duration)},
                             {"sender", now.longest.sender},
                             {"sql", now.longest.sql}};
  result["slowest"] = slowest_json(now.slowest);
  return result;
}

} // namespace onewriter::node
