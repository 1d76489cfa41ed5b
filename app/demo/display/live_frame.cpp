#include "app/demo/display/live_frame.hpp"

#include "actors/console/format.hpp"
#include "actors/console/text_table.hpp"
#include "app/demo/display/progress_text.hpp"
#include "app/demo/display/writer_lines.hpp"

#include <algorithm>
#include <cmath>

namespace onewriter::node {

namespace {

using std::chrono::nanoseconds;

// A line, and its importance: 0 is the highest.
struct ranked_line {
  int rank = 0;
  styled_line line;
};

using frame = std::vector<ranked_line>;

constexpr size_t ordinary_columns = 80;

// -- the parts, from top to bottom -----------------------------------------------

void add_title(frame& to, const snapshot& x, size_t columns) {
  auto time = clock_text(x.elapsed);
  if (x.duration > nanoseconds{0})
    time += " of " + clock_text(x.duration);
  styled_line title{" onewriter demo", style::bold};
  auto room = columns - std::min(columns, title.columns() + time.size() + 5);
  title.add("  " + shorten(x.path, room));
  title.add_right(time, columns - 1);
  to.push_back({0, std::move(title)});
  styled_line stage{' ' + stage_text(x), style::accent};
  auto setting
    = with_separators(x.peers) + " peers, synchronous=" + x.synchronous;
  if (x.chaos > nanoseconds{0})
    setting = "chaos every " + format_seconds(x.chaos) + ", " + setting;
  if (stage.columns() + setting.size() + 3 < columns)
    stage.add_right(setting, columns - 1, style::dim);
  to.push_back({0, std::move(stage)});
}

styled_line bar_line(std::string_view title, double share,
                     const std::string& text, size_t columns, bool utf8) {
  constexpr size_t text_columns = 36;
  constexpr size_t title_columns = 10;
  constexpr size_t percent_columns = 7;
  styled_line result{" "};
  result.add(title).pad_to(title_columns);
  auto used = title_columns + percent_columns + text_columns + 1;
  result.append(bar(share, columns > used + 8 ? columns - used : 8, utf8));
  result.add_right(format_percent(share), result.columns() + percent_columns,
                   style::bold);
  result.add("  " + text);
  return result;
}

void add_bars(frame& to, const snapshot& x, size_t columns, bool utf8) {
  auto& store = x.told.store;
  auto& index = x.told.index;
  auto stored = store.finished ? 1 : share_of(store.bytes, store.total_bytes);
  auto text = format_bytes(store.bytes) + " of "
              + format_bytes(store.total_bytes) + ", "
              + format_bytes(static_cast<uint64_t>(x.stored_bytes_per_second))
              + "/s";
  to.push_back({0, bar_line("stored", stored, text, columns, utf8)});
  // How much text there is, is known when everything is stored; until then
  // what is stored counts.
  auto share
    = index.finished ? 1 : share_of(index.bytes, store.text_bytes) * stored;
  text = with_separators(index.texts) + " of " + with_separators(store.texts)
         + " texts, "
         + format_bytes(static_cast<uint64_t>(x.indexed_bytes_per_second))
         + "/s";
  to.push_back({0, bar_line("indexed", share, text, columns, utf8)});
}

std::string ms_or_blank(const latency& x, nanoseconds value) {
  return x.count == 0 ? "" : format_ms(value);
}

// The database measures requests that have no waiting caller.
latency latency_of(const snapshot& x, activity what) {
  return what == activity::update_peer ? x.database.best_effort_latency
                                       : x.told.of(what).took;
}

// A narrow screen has no room for numbers to grow, nor for the worst case.
text_table table_for(size_t columns) {
  using align = text_table::align;
  if (columns < ordinary_columns)
    return text_table{{{"", align::left},
                       {"done"},
                       {"per s"},
                       {"p50 ms"},
                       {"p99 ms"},
                       {"errors"}},
                      1};
  return text_table{{{"what the actors do", align::left, 18},
                     {"done", align::right, 10},
                     {"per s", align::right, 7},
                     {"p50 ms", align::right, 8},
                     {"p99 ms", align::right, 8},
                     {"max ms", align::right, 9},
                     {"errors", align::right, 6}},
                    1};
}

void add_table(frame& to, const snapshot& x, size_t columns) {
  auto table = table_for(columns);
  for (size_t i = 0; i < activity_count; ++i) {
    auto what = static_cast<activity>(i);
    auto& score = x.told.of(what);
    auto took = latency_of(x, what);
    auto failed = score.failed == 0 ? style::dim : style::bad;
    std::vector<text_table::cell> cells{
      to_string(what),
      with_separators(score.done),
      format_rate(x.rates[i]),
      ms_or_blank(took, took.p50),
      {ms_or_blank(took, took.p99), style::bold}};
    if (columns >= ordinary_columns)
      cells.emplace_back(ms_or_blank(took, took.max));
    cells.emplace_back(with_separators(score.failed), failed);
    table.add(std::move(cells));
  }
  for (auto& line : table.lines())
    to.push_back({1, line});
}

void add_writer(frame& to, const snapshot& x) {
  to.push_back({2, lanes_line(x.database)});
  to.push_back({2, commits_line(x.database)});
  to.push_back({2, writer_line(x.database)});
  to.push_back({3, best_effort_line(x.database.best_effort)});
  to.push_back({4, sizes_line(x)});
  to.push_back({3, phases_line(x.told)});
}

void add_events(frame& to, const snapshot& x) {
  for (auto& line : x.events)
    to.push_back({6, styled_line{' ' + line, style::warning}});
}

// Leaves out lines, the least important ones and of those the last ones first.
std::vector<styled_line> fitting(frame lines, size_t count) {
  auto less_missed = [](const ranked_line& x, const ranked_line& y) {
    return x.rank <= y.rank;
  };
  while (lines.size() > count)
    lines.erase(std::max_element(lines.begin(), lines.end(), less_missed));
  std::vector<styled_line> result;
  for (auto& x : lines)
    result.push_back(std::move(x.line));
  return result;
}

} // namespace

styled_line bar(double share, size_t columns, bool utf8) {
  auto exact = std::clamp(share, 0.0, 1.0) * static_cast<double>(columns);
  auto full = static_cast<size_t>(exact);
  std::string done;
  std::string rest;
  for (size_t i = 0; i < columns; ++i) {
    if (i < full)
      done += utf8 ? "\u2588" : "#";
    else
      rest += utf8 ? "\u2591" : ".";
  }
  styled_line result;
  return result.add(done, style::accent).add(rest, style::dim);
}

std::vector<styled_line> live_frame(const snapshot& what, screen_size size,
                                    bool utf8) {
  auto blank = ranked_line{5, {}};
  frame lines;
  add_title(lines, what, size.columns);
  lines.push_back(blank);
  add_bars(lines, what, size.columns, utf8);
  lines.push_back(blank);
  add_table(lines, what, size.columns);
  lines.push_back(blank);
  add_writer(lines, what);
  add_events(lines, what);
  return fitting(std::move(lines),
                 size.lines - std::min<size_t>(size.lines, 1));
}

} // namespace onewriter::node
