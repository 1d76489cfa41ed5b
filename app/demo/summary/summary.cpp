#include "app/demo/summary/summary.hpp"

#include "actors/console/format.hpp"
#include "actors/console/text_table.hpp"
#include "app/demo/summary/queries.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

namespace onewriter::node {

namespace {

using lines = std::vector<styled_line>;

constexpr size_t label_columns = 17;
constexpr size_t most_columns = 80;

void add_labelled(lines& to, std::string_view label, std::string_view text,
                  style how = style::plain) {
  styled_line line{"  "};
  line.add(label, style::dim).pad_to(label_columns).add(text, how);
  to.push_back(std::move(line));
}

void add_heading(lines& to, std::string_view text) {
  to.emplace_back();
  to.push_back({text, style::bold});
}

// -- what was done ------------------------------------------------------------------

std::string stored_text(const store_state& x) {
  auto result = format_count(x.files, "file") + ", " + format_bytes(x.bytes)
                + ", in " + format_count(x.blocks, "block");
  if (x.total_files > x.files + x.unreadable)
    result = format_count(x.files, "file") + " of "
             + with_separators(x.total_files) + ", " + format_bytes(x.bytes)
             + ", in " + format_count(x.blocks, "block");
  return result;
}

std::string shared_text(const store_state& x) {
  return format_count(x.new_blocks, "new block") + ", "
         + with_separators(x.blocks - x.new_blocks)
         + " were there already and are stored once";
}

std::string indexed_text(const index_state& x) {
  return format_count(x.texts, "text") + ", " + format_bytes(x.bytes) + ", in "
         + format_count(x.passages, "passage") + " and "
         + format_count(x.chunks, "chunk");
}

std::string left_out_text(const demo_result& x) {
  auto& stored = x.told.stored;
  auto result = format_count(stored.files - stored.texts, "binary file");
  auto add = [&](uint64_t count, const char* what) {
    if (count > 0)
      result += ", " + with_separators(count) + ' ' + what;
  };
  add(x.told.indexed.changed, "changed before they were indexed");
  auto reached = x.told.indexed.texts + x.told.indexed.changed;
  add(stored.texts - std::min(stored.texts, reached), "not reached");
  add(stored.unreadable, "unreadable");
  return result;
}

void add_deeds(lines& to, const demo_result& x) {
  auto& stored = x.told.stored;
  add_labelled(to, "tree",
               shorten(printable(x.root), most_columns - label_columns));
  add_labelled(to, "stored", stored_text(stored));
  if (stored.blocks > 0)
    add_labelled(to, "", shared_text(stored));
  add_labelled(to, "indexed", indexed_text(x.told.indexed));
  add_labelled(to, "not indexed", left_out_text(x));
  auto swarm = format_count(x.asked.peers, "peer") + ", "
               + format_count(x.told.searchers.size(), "reader");
  if (x.asked.chaos.count() > 0)
    swarm
      += ", " + format_count(x.told.told.sabotages, "injected writer failure");
  add_labelled(to, "swarm", swarm);
  auto time = format_seconds(x.running_time) + " running ("
              + format_seconds(x.busy_time) + " storing and indexing), "
              + format_seconds(x.checking_time) + " checking";
  add_labelled(to, "time", time);
  if (x.stopped)
    add_labelled(to, "", "stopped by request");
}

// -- how it went ---------------------------------------------------------------------

void add_table(lines& to, const demo_result& x) {
  using align = text_table::align;
  text_table table{{{"what the actors did", align::left},
                    {"done"},
                    {"per s"},
                    {"p50 ms"},
                    {"p99 ms"},
                    {"max ms"},
                    {"errors"}},
                   2};
  auto seconds
    = std::max(static_cast<double>(x.running_time.count()) / 1e9, 0.001);
  for (size_t i = 0; i < activity_count; ++i) {
    auto what = static_cast<activity>(i);
    auto& score = x.told.told.of(what);
    auto took = latency_of(x, what);
    auto ms = [&](std::chrono::nanoseconds y) {
      return took.count == 0 ? std::string{"-"} : format_ms(y);
    };
    table.add({to_string(what),
               with_separators(score.done),
               format_rate(static_cast<double>(score.done) / seconds),
               ms(took.p50),
               {ms(took.p99), style::bold},
               ms(took.max),
               {with_separators(score.failed),
                score.failed == 0 ? style::dim : style::bad}});
  }
  for (auto& line : table.lines())
    to.push_back(line);
}

void add_ratio(lines& to, const scores& told) {
  auto text = [](const latency& x) {
    return x.count == 0 ? std::string{"not measured"}
                        : format_ms(x.p99) + " ms";
  };
  add_labelled(to, "connect p99",
               text(told.quiet_connect) + " with indexing off");
  add_labelled(to, "", text(told.busy_connect) + " with indexing on");
  auto ratio = busy_ratio(told);
  if (!ratio) {
    to.back().add(" (too few to compare)", style::dim);
    return;
  }
  auto met = *ratio <= ratio_target;
  to.back()
    .add(", ")
    .add(format_fixed(*ratio, 1) + " times", met ? style::good : style::warning)
    .add(met ? " (goal: up to 4)" : " (over the goal of 4)", style::dim);
}

std::string commits_text(const statistics& x) {
  auto rows = x.commits == 0 ? 0
                             : static_cast<double>(x.committed_requests)
                                 / static_cast<double>(x.commits);
  return format_count(x.commits, "commit") + ", " + format_fixed(rows, 1)
         + " requests per commit, "
         + format_count(x.writer_restarts, "restart");
}

std::string best_effort_text(const best_effort_counts& x) {
  return with_separators(x.submitted) + " sent = " + with_separators(x.written)
         + " written + " + with_separators(x.coalesced) + " coalesced + "
         + with_separators(total_dropped(x)) + " dropped";
}

void add_figures(lines& to, const demo_result& x) {
  auto& database = x.told.database;
  add_ratio(to, x.told.told);
  add_labelled(to, "writer", commits_text(database));
  add_labelled(to, "best effort", best_effort_text(database.best_effort));
  add_labelled(to, "longest chunk",
               format_ms(x.told.indexed.longest_chunk)
                 + " ms of the writer's time");
  add_labelled(to, "peak memory", format_bytes(x.peak_memory_bytes));
  add_labelled(to, "SQLite",
               x.database.sqlite_version
                 + ", synchronous=" + x.database.synchronous + ", "
                 + format_bytes(x.database_bytes));
}

void add_errors(lines& to, const demo_result& x) {
  auto& errors = x.told.told.errors;
  if (errors.empty())
    return;
  add_heading(to, "Errors");
  for (auto& e : errors) {
    auto text = with_separators(e.count) + " x " + to_string(e.what) + ": "
                + printable(e.example);
    to.push_back(
      {"  " + std::string{first_columns(text, most_columns - 2)}, style::bad});
  }
}

// -- the end ---------------------------------------------------------------------------

void add_checks(lines& to, const demo_result& x) {
  add_heading(to, "Checks");
  text_table table{{{"", text_table::align::left},
                    {"", text_table::align::left},
                    {"", text_table::align::left}},
                   2};
  for (auto& c : x.checks)
    table.add({{c.holds ? "ok" : "FAILED", c.holds ? style::good : style::bad},
               c.name,
               {printable(c.detail), c.holds ? style::dim : style::bad}});
  for (auto& line : table.lines())
    to.push_back(line);
}

void add_queries(lines& to, const demo_result& x) {
  add_heading(to, "Queries to try");
  to.push_back({"  sqlite3 " + shell_quoted(x.database.path)});
  for (auto& query : queries_to_try(x)) {
    std::istringstream from{query};
    for (std::string line; std::getline(from, line);)
      to.push_back({"  " + line, style::accent});
  }
}

styled_line verdict_line(const demo_result& x) {
  auto failed = std::count_if(x.checks.begin(), x.checks.end(),
                              [](const check& c) { return !c.holds; });
  styled_line result{"onewriter demo: ", style::bold};
  if (failed == 0)
    return result.add("all " + std::to_string(x.checks.size()) + " checks hold",
                      style::good);
  return result.add(std::to_string(failed) + " of "
                      + std::to_string(x.checks.size()) + " checks FAILED",
                    style::bad);
}

} // namespace

std::vector<styled_line> summary(const demo_result& what) {
  lines result;
  result.push_back(verdict_line(what));
  result.emplace_back();
  add_deeds(result, what);
  result.emplace_back();
  add_table(result, what);
  result.emplace_back();
  add_figures(result, what);
  add_errors(result, what);
  add_checks(result, what);
  add_queries(result, what);
  return result;
}

} // namespace onewriter::node
