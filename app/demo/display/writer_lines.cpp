#include "app/demo/display/writer_lines.hpp"

#include "actors/console/format.hpp"

namespace onewriter::node {

namespace {

void add_field(styled_line& to, std::string_view name, std::string_view value,
               style how = style::plain) {
  to.add("  ").add(name, style::dim).add(" ").add(value, how);
}

styled_line labelled(std::string_view label) {
  return styled_line{" "}.add(label).pad_to(13);
}

} // namespace

styled_line lanes_line(const statistics& x) {
  auto result = labelled("queue");
  add_field(result, "urgent", with_separators(x.depth_urgent));
  add_field(result, "normal", with_separators(x.depth_normal));
  add_field(result, "best effort", with_separators(x.depth_best_effort));
  add_field(result, "chunk", with_separators(x.depth_chunk));
  add_field(result, "background", with_separators(x.depth_background));
  return result;
}

styled_line commits_line(const statistics& x) {
  auto result = labelled("commits");
  auto rows = x.commits == 0 ? 0
                             : static_cast<double>(x.committed_requests)
                                 / static_cast<double>(x.commits);
  add_field(result, "all", with_separators(x.commits));
  add_field(result, "per s", format_rate(x.commits_per_second));
  add_field(result, "requests per commit", format_fixed(rows, 1), style::bold);
  add_field(result, "dead letters", with_separators(x.dead_letters));
  return result;
}

styled_line writer_line(const statistics& from) {
  auto result = labelled("writer");
  auto open = from.state == "open";
  add_field(result, "is", from.state.empty() ? "opening" : from.state,
            open ? style::good : style::warning);
  add_field(result, "restarts", with_separators(from.writer_restarts),
            from.writer_restarts == 0 ? style::plain : style::warning);
  add_field(result, "oldest waits", format_ms(from.oldest_pending) + " ms");
  return result;
}

styled_line best_effort_line(const best_effort_counts& x) {
  auto result = labelled("best effort");
  add_field(result, "written", with_separators(x.written));
  add_field(result, "coalesced", with_separators(x.coalesced));
  add_field(result, "dropped", with_separators(total_dropped(x)));
  add_field(result, "failed", with_separators(x.failed));
  return result;
}

styled_line sizes_line(const snapshot& x) {
  auto result = labelled("sizes");
  add_field(result, "database", format_bytes(x.database.database_bytes));
  add_field(result, "log", format_bytes(x.database.wal_bytes));
  add_field(result, "memory at most", format_bytes(x.peak_memory_bytes));
  return result;
}

styled_line phases_line(const scores& x) {
  auto result = labelled("connect p99");
  auto text = [](const latency& y) {
    return y.count == 0 ? std::string{"-"} : format_ms(y.p99) + " ms";
  };
  add_field(result, "indexing off", text(x.quiet_connect));
  add_field(result, "indexing on", text(x.busy_connect), style::bold);
  return result;
}

} // namespace onewriter::node
