#include "app/commands/live/top_frame.hpp"

#include "actors/console/format.hpp"
#include "actors/console/text_table.hpp"
#include "app/commands/output/status_text.hpp"

#include <cstddef>
#include <initializer_list>
#include <string>
#include <utility>

namespace onewriter::node {

namespace {

constexpr size_t column_of_content = 12;

// How often something happened in a second of the last interval. A new owner
// counts from zero.
double rate_between(uint64_t before, uint64_t now, const top_sample& x) {
  auto seconds = static_cast<double>(x.interval.count()) / 1e9;
  if (seconds <= 0 || now < before)
    return 0;
  return static_cast<double>(now - before) / seconds;
}

double rate(uint64_t statistics::*what, const top_sample& x) {
  return x.before ? rate_between((*x.before).*what, x.now.*what, x) : 0;
}

double rate(latency statistics::*what, const top_sample& x) {
  return x.before
           ? rate_between(((*x.before).*what).count, (x.now.*what).count, x)
           : 0;
}

double rows_per_commit(const top_sample& x) {
  auto commits = rate(&statistics::commits, x);
  if (commits > 0)
    return rate(&statistics::committed_requests, x) / commits;
  return x.now.commits == 0 ? 0
                            : static_cast<double>(x.now.committed_requests)
                                / static_cast<double>(x.now.commits);
}

uint64_t dropped(const best_effort_counts& x) {
  return x.dropped_full + x.dropped_too_big + x.dropped_closed
         + x.dropped_unknown;
}

// -- lines ------------------------------------------------------------------------

styled_line line_of(const char* name) {
  styled_line result{name, style::dim};
  result.pad_to(column_of_content);
  return result;
}

struct named_count {
  const char* name;
  uint64_t count;
};

// Numbers other than zero stand out.
styled_line counts_line(const char* name, style raised,
                        std::initializer_list<named_count> counts) {
  auto result = line_of(name);
  for (auto& x : counts) {
    if (&x != counts.begin())
      result.add("  ");
    result.add(std::string{x.name} + ' ')
      .add(with_separators(x.count), x.count > 0 ? raised : style::plain);
  }
  return result;
}

styled_line title_line(const database_info& info, const statistics& now) {
  auto is_open = now.state == "open";
  styled_line result{shorten(printable(info.path), 50), style::bold};
  result.add("  ").add(now.state, is_open ? style::good : style::bad);
  return result.add("  SQLite " + info.sqlite_version
                      + ", synchronous=" + info.synchronous,
                    style::dim);
}

styled_line lanes_line(const statistics& x) {
  return counts_line("waiting", style::accent,
                     {{"urgent", x.depth_urgent},
                      {"normal", x.depth_normal},
                      {"best effort", x.depth_best_effort},
                      {"chunks", x.depth_chunk},
                      {"background", x.depth_background}});
}

styled_line oldest_line(const statistics& x) {
  auto result = line_of("oldest");
  return result.add("write " + format_ms(x.oldest_pending) + " ms, reader "
                    + format_seconds(x.oldest_reader));
}

styled_line commits_line(const top_sample& x) {
  auto result = line_of("commits");
  return result.add(format_rate(x.now.commits_per_second) + "/s", style::accent)
    .add(", " + format_rate(x.now.requests_per_second) + " requests/s, "
         + format_rate(rows_per_commit(x)) + " requests a commit, "
         + with_separators(x.now.commits) + " in all");
}

styled_line acknowledged_line(const write_counts& x) {
  auto result = line_of("writes");
  return result.add(with_separators(x.acknowledged) + " acknowledged");
}

styled_line failed_line(const write_counts& x) {
  return counts_line("not done", style::warning,
                     {{"failed", x.failed},
                      {"refused", x.refused},
                      {"expired", x.expired},
                      {"unknown", x.unknown}});
}

styled_line dropped_line(const best_effort_counts& x) {
  return counts_line("dropped", style::warning,
                     {{"full", x.dropped_full},
                      {"too big", x.dropped_too_big},
                      {"closed", x.dropped_closed},
                      {"unknown", x.dropped_unknown}});
}

styled_line trouble_line(const statistics& x) {
  return counts_line("trouble", style::warning,
                     {{"writer restarts", x.writer_restarts},
                      {"reader restarts", x.reader_restarts},
                      {"lock waits", x.lock_waits},
                      {"dead letters", x.dead_letters}});
}

styled_line readers_line(const database_info& info, const statistics& x) {
  auto result = line_of("readers");
  return result.add(with_separators(info.readers) + ", "
                    + format_count(x.open_cursors, "cursor") + ", "
                    + with_separators(x.pending_queries) + " waiting, "
                    + with_separators(x.dropped_processes)
                    + " processes dropped");
}

styled_line file_line(const statistics& x) {
  auto result = line_of("file");
  return result.add(format_bytes(x.database_bytes) + ", log "
                    + format_bytes(x.wal_bytes) + ", "
                    + format_count(x.checkpoints, "checkpoint") + ", "
                    + format_count(x.index_jobs, "index job"));
}

styled_line slow_line(const statistics& x) {
  auto result
    = counts_line("slow", style::warning, {{"statements", x.slow_statements}});
  if (!x.longest.sql.empty())
    result.add("  longest " + format_ms(x.longest.duration)
               + " ms: " + shorten(printable(x.longest.sql), 34));
  return result;
}

// -- latencies --------------------------------------------------------------------

struct latency_row {
  const char* name;
  latency statistics::*what;
};

constexpr latency_row latency_rows[] = {
  {"normal write", &statistics::write_latency},
  {"urgent write", &statistics::urgent_latency},
  {"background write", &statistics::background_latency},
  {"best effort", &statistics::best_effort_latency},
  {"chunk", &statistics::chunk_latency},
  {"query", &statistics::query_latency},
  {"search", &statistics::search_latency},
};

std::vector<styled_line> latency_lines(const top_sample& x) {
  using align = text_table::align;
  text_table table{{{"latency in ms", align::left, 16},
                    {"count", align::right, 11},
                    {"per s", align::right, 9},
                    {"p50", align::right, 8},
                    {"p99", align::right, 8},
                    {"max", align::right, 8}}};
  for (auto& row : latency_rows) {
    auto& content = x.now.*row.what;
    if (content.count == 0)
      table.add({row.name, {"0", style::dim}});
    else
      table.add({row.name, with_separators(content.count),
                 format_rate(rate(row.what, x)), format_ms(content.p50),
                 format_ms(content.p99), format_ms(content.max)});
  }
  return table.lines();
}

} // namespace

std::vector<styled_line> top_frame(const database_info& info,
                                   const top_sample& x) {
  std::vector<styled_line> result{
    title_line(info, x.now),
    {},
    lanes_line(x.now),
    oldest_line(x.now),
    commits_line(x),
    acknowledged_line(x.now.writes),
    failed_line(x.now.writes),
    dropped_line(x.now.best_effort),
    trouble_line(x.now),
    readers_line(info, x.now),
    file_line(x.now),
    slow_line(x.now),
    {},
  };
  for (auto& line : latency_lines(x))
    result.push_back(line);
  for (auto& line : slow_lines(x.now))
    result.push_back(styled_line{line, style::warning});
  return result;
}

json top_json(const database_info& info, const top_sample& x) {
  auto result = status_json(info, x.now);
  if (!x.before)
    return result;
  result["interval_ms"] = static_cast<double>(x.interval.count()) / 1e6;
  auto& rates = result["per_second"] = json::object();
  rates["commits"] = rate(&statistics::commits, x);
  rates["requests"] = rate(&statistics::committed_requests, x);
  rates["queries"] = rate(&statistics::queries, x);
  rates["searches"] = rate(&statistics::searches, x);
  rates["dropped"] = rate_between(dropped(x.before->best_effort),
                                  dropped(x.now.best_effort), x);
  return result;
}

} // namespace onewriter::node
