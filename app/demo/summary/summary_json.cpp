#include "actors/console/json_writer.hpp"
#include "app/demo/summary/queries.hpp"
#include "app/demo/summary/summary.hpp"

namespace onewriter::node {

namespace {

double seconds(std::chrono::nanoseconds x) {
  return static_cast<double>(x.count()) / 1e9;
}

double milliseconds(std::chrono::nanoseconds x) {
  return static_cast<double>(x.count()) / 1e6;
}

void write_latency(json_writer& to, const latency& x) {
  to.member("count", x.count);
  if (x.count == 0)
    return;
  to.member("p50_ms", milliseconds(x.p50));
  to.member("p99_ms", milliseconds(x.p99));
  to.member("max_ms", milliseconds(x.max));
}

void write_run(json_writer& to, const demo_result& x) {
  to.key("run");
  to.begin_object();
  to.member("path", x.root);
  to.member("database", x.database.path);
  to.member("sqlite_version", x.database.sqlite_version);
  to.member("synchronous", x.database.synchronous);
  to.member("peers", x.asked.peers);
  to.member("chaos_s", seconds(x.asked.chaos));
  to.member("stopped", x.stopped);
  to.member("running_s", seconds(x.running_time));
  to.member("checking_s", seconds(x.checking_time));
  to.member("peak_memory_bytes", x.peak_memory_bytes);
  to.member("database_bytes", x.database_bytes);
  to.end_object();
}

void write_store(json_writer& to, const store_state& x) {
  to.key("store");
  to.begin_object();
  to.member("complete", x.finished);
  to.member("total_files", x.total_files);
  to.member("total_bytes", x.total_bytes);
  to.member("files", x.files);
  to.member("bytes", x.bytes);
  to.member("blocks", x.blocks);
  to.member("new_blocks", x.new_blocks);
  to.member("texts", x.texts);
  to.member("unreadable", x.unreadable);
  to.end_object();
}

void write_index(json_writer& to, const index_state& x) {
  to.key("index");
  to.begin_object();
  to.member("complete", x.finished);
  to.member("texts", x.texts);
  to.member("bytes", x.bytes);
  to.member("passages", x.passages);
  to.member("chunks", x.chunks);
  to.member("unchanged", x.unchanged);
  to.member("changed", x.changed);
  to.member("cancelled", x.cancelled);
  to.member("longest_chunk_ms", milliseconds(x.longest_chunk));
  to.end_object();
}

void write_activities(json_writer& to, const demo_result& x) {
  to.key("activities");
  to.begin_object();
  for (size_t i = 0; i < activity_count; ++i) {
    auto what = static_cast<activity>(i);
    auto& score = x.told.told.of(what);
    to.key(to_string(what));
    to.begin_object();
    to.member("done", score.done);
    to.member("failed", score.failed);
    to.key("latency");
    to.begin_object();
    write_latency(to, what == activity::update_peer
                        ? x.told.database.best_effort_latency
                        : score.took);
    to.end_object();
    to.end_object();
  }
  to.end_object();
}

void write_comparison(json_writer& to, const scores& x) {
  to.key("connect_p99");
  to.begin_object();
  to.key("indexing_off");
  to.begin_object();
  write_latency(to, x.quiet_connect);
  to.end_object();
  to.key("indexing_on");
  to.begin_object();
  write_latency(to, x.busy_connect);
  to.end_object();
  auto ratio = busy_ratio(x);
  to.key("ratio");
  if (ratio)
    to.number(*ratio);
  else
    to.null();
  to.member("goal", ratio_target);
  to.key("goal_met");
  if (ratio)
    to.boolean(*ratio <= ratio_target);
  else
    to.null();
  to.end_object();
}

void write_writer(json_writer& to, const demo_result& x) {
  auto& from = x.told.database;
  to.key("writer");
  to.begin_object();
  to.member("commits", from.commits);
  to.member("committed_requests", from.committed_requests);
  to.key("requests_per_commit");
  if (from.commits > 0)
    to.number(static_cast<double>(from.committed_requests)
              / static_cast<double>(from.commits));
  else
    to.null();
  to.member("injected_failures", x.told.told.sabotages);
  to.member("restarts", from.writer_restarts);
  to.member("batches_repeated", from.batches_repeated);
  to.member("dead_letters", from.dead_letters);
  to.member("checkpoints", from.checkpoints);
  to.member("slow_statements", from.slow_statements);
  to.end_object();
}

void write_best_effort(json_writer& to, const best_effort_counts& x) {
  to.key("best_effort");
  to.begin_object();
  to.member("submitted", x.submitted);
  to.member("written", x.written);
  to.member("coalesced", x.coalesced);
  to.member("dropped", x.dropped_full + x.dropped_too_big + x.dropped_closed
                         + x.dropped_unknown);
  to.member("failed", x.failed);
  to.end_object();
}

void write_errors(json_writer& to, const scores& x) {
  to.key("errors");
  to.begin_array();
  for (auto& e : x.errors) {
    to.begin_object();
    to.member("activity", to_string(e.what));
    to.member("code", to_string(e.code));
    to.member("count", e.count);
    to.member("example", e.example);
    to.end_object();
  }
  to.end_array();
}

void write_checks(json_writer& to, const demo_result& x) {
  to.key("checks");
  to.begin_array();
  for (auto& c : x.checks) {
    to.begin_object();
    to.member("name", c.name);
    to.member("holds", c.holds);
    to.member("detail", c.detail);
    to.end_object();
  }
  to.end_array();
}

void write_queries(json_writer& to, const demo_result& x) {
  to.key("queries_to_try");
  to.begin_array();
  for (auto& query : queries_to_try(x))
    to.string(query);
  to.end_array();
}

} // namespace

std::string summary_json(const demo_result& what) {
  json_writer out;
  out.begin_object();
  out.member("ok", what.ok());
  write_run(out, what);
  write_store(out, what.told.stored);
  write_index(out, what.told.indexed);
  write_activities(out, what);
  write_comparison(out, what.told.told);
  write_writer(out, what);
  write_best_effort(out, what.told.database.best_effort);
  write_errors(out, what.told.told);
  write_checks(out, what);
  write_queries(out, what);
  out.end_object();
  return out.text();
}

} // namespace onewriter::node
