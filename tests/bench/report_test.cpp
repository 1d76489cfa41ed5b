#include "bench/report/curves.hpp"
#include "bench/report/grid_parts.hpp"
#include "bench/report/html.hpp"
#include "bench/report/json.hpp"
#include "bench/report/markdown.hpp"
#include "bench/report/percentile_curve.hpp"
#include "bench/report/plot_layout.hpp"
#include "bench/report/table.hpp"
#include "bench/report/wording.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

using namespace onewriter;
using namespace onewriter::bench;
using namespace std::chrono_literals;

namespace {

constexpr auto none = std::numeric_limits<double>::quiet_NaN();

// One second, in which writes of one row each took 1 to 100 us, evenly.
measurement round_of(uint64_t rows) {
  measurement result;
  result.writes = result.rows = rows;
  result.length = 1s;
  auto latency = std::make_shared<histogram>();
  for (uint64_t us = 1; us <= 100; ++us)
    latency->record(std::chrono::microseconds{us}, rows / 100);
  result.write_latency = latency;
  result.slice_length = 500ms;
  result.timeline = {{rows / 2, 90us}, {rows / 2, 99us}};
  return result;
}

series series_of(std::string workload, std::string backend,
                 const std::vector<uint64_t>& rates) {
  series result;
  result.workload = std::move(workload);
  result.backend = std::move(backend);
  for (auto x : rates)
    result.rounds.push_back(round_of(x));
  return result;
}

// Clients are what differs.
series with_clients(series x, size_t clients) {
  x.what.clients = clients;
  return x;
}

results sample() {
  return {{{"disk", "fast"}},
          {series_of("1 x 1", "onewriter", {1'000, 1'100, 900}),
           series_of("1 x 1", "raw-1000", {4'000, 4'000, 4'000}),
           series_of("8 x 1", "onewriter", {5'000, 6'000, 5'500})}};
}

std::string table_text(const results& of) {
  std::ostringstream out;
  print_table(out, of);
  return out.str();
}

bool contains(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

// The line of a table that begins with `start`, after spaces, with single
// spaces.
std::string line_of(const std::string& text, const std::string& start) {
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) {
    std::string result;
    std::istringstream words{line};
    for (std::string word; words >> word;)
      result += (result.empty() ? "" : " ") + word;
    if (result.rfind(start, 0) == 0)
      return result;
  }
  return {};
}

size_t count_of(const std::string& text, std::string_view what) {
  size_t result = 0;
  for (auto i = text.find(what); i != std::string::npos;
       i = text.find(what, i + 1))
    ++result;
  return result;
}

// Whether every bracket outside of strings has its partner.
bool is_balanced(const std::string& json) {
  std::string open;
  auto in_string = false;
  for (size_t i = 0; i < json.size(); ++i)
    if (in_string && json[i] == '\\')
      ++i;
    else if (json[i] == '"')
      in_string = !in_string;
    else if (!in_string && (json[i] == '{' || json[i] == '['))
      open += json[i] == '{' ? '}' : ']';
    else if (!in_string && (json[i] == '}' || json[i] == ']')) {
      if (open.empty() || open.back() != json[i])
        return false;
      open.pop_back();
    }
  return open.empty() && !in_string;
}

// A parser of XML would find each element closed in the order of opening.
// Attributes contain no angle brackets, because these are escaped.
bool is_nested(const std::string& svg) {
  std::vector<std::string> open;
  for (auto i = svg.find('<'); i != std::string::npos; i = svg.find('<', i)) {
    auto end = svg.find('>', i);
    auto tag = svg.substr(i + 1, end - i - 1);
    i = end;
    auto name = tag.substr(0, tag.find_first_of(" /", 1));
    if (tag.front() == '/') {
      if (open.empty() || '/' + open.back() != tag)
        return false;
      open.pop_back();
    } else if (tag.back() != '/') {
      open.push_back(name);
    }
  }
  return open.empty();
}

std::vector<std::string> texts(const plot_scale& of) {
  std::vector<std::string> result;
  for (auto& x : of.ticks())
    result.push_back(x.text);
  return result;
}

plot_figure one_line(std::vector<plot_point> points) {
  plot_figure result{"a title", {"a & b", false, plot_unit::number, {}}, {}};
  result.panels.push_back(
    {{"y", true, plot_unit::number, {}}, {{"<one>", 0, std::move(points)}}});
  return result;
}

bool is_near(double x, double y, double relative = 1e-9) {
  return std::abs(x - y) <= relative * std::max(1.0, std::abs(y));
}

using strings = std::vector<std::string>;
using doubles = std::vector<double>;

} // namespace

// -- texts --------------------------------------------------------------------------

TEST_CASE("the table shows the median and the spread, with units") {
  auto text = table_text(sample());
  CHECK(line_of(text, "disk:") == "disk: fast");
  CHECK(contains(text, "PRAGMA synchronous = full"));
  CHECK(line_of(text, "backend")
        == "backend rows/s spread p50 us p90 us p99 us p99.9 us max us "
           "rows/commit of raw");
  CHECK(line_of(text, "onewriter")
        == "onewriter 1,000 -10..+10 % 50 90 99 100 100 - 25 %");
  CHECK(line_of(text, "raw-1000")
        == "raw-1000 4,000 - 50 90 99 100 100 - 100 %");
}

TEST_CASE("lines in any order are grouped by workload and level") {
  auto all = sample();
  all.all.push_back(series_of("1 x 1", "mutex", {700}));
  all.all.push_back(series_of("1 x 1", "onewriter", {700}));
  all.all.back().synchronous = synchronous::normal;
  auto grids = make_grids(all);
  REQUIRE(grids.size() == 2);
  REQUIRE(grids[0].groups.size() == 2);
  CHECK(grids[0].groups[0].workload == "1 x 1");
  CHECK(grids[0].groups[0].lines.back().backend == "mutex");
  CHECK(grids[1].synchronous == synchronous::normal);
  // Another level has nothing that it could be compared with.
  CHECK(grids[1].columns.back().title == "rows/commit");
}

TEST_CASE("lines have up to 120 columns") {
  auto all = sample();
  auto& x = all.all.emplace_back(
    series_of("document, 64 x 1", "begin immediate", {1'000'000}));
  auto latency = std::make_shared<histogram>();
  latency->record(60s, 100);
  x.rounds.front().write_latency = latency;
  x.rounds.front().reads = 10'000'000;
  x.rounds.front().read_latency = latency;
  x.rounds.front().refused = 1'000'000;
  std::istringstream in{table_text(all)};
  size_t widest = 0;
  for (std::string line; std::getline(in, line);)
    widest = std::max(widest, line.size());
  CHECK(widest <= 120);
}

TEST_CASE("reads and refused writes have columns where there are any") {
  auto all = sample();
  CHECK(aside_part(make_grids(all).front()).groups.empty());
  all.all.back().rounds.front().refused = 7;
  // That was not the median round.
  CHECK(aside_part(make_grids(all).front()).groups.empty());
  auto& median = all.all.back().rounds.back();
  median.refused = 8;
  median.reads = 250;
  median.read_latency = median.write_latency;
  auto aside = aside_part(make_grids(all).front());
  REQUIRE(aside.groups.size() == 1);
  CHECK(aside.groups.front().workload == "8 x 1");
  CHECK(aside.groups.front().lines.front().cells
        == strings{"onewriter", "250", "99", "8"});
  CHECK(contains(table_text(all), "reads/s  read p99 us  refused"));
}

TEST_CASE("rows are compared with raw ones of the same workload") {
  auto all = sample();
  auto large = series_of("large", "onewriter", {100});
  large.what.rows.payload_bytes = 10'000;
  all.all.push_back(large);
  auto levels = by_level(all);
  CHECK(raw_twin(levels.front(), all.all.front()) == &all.all[1]);
  CHECK(raw_twin(levels.front(), all.all[3]) == nullptr);
  large.backend = "raw-1000";
  all.all.push_back(large);
  levels = by_level(all);
  CHECK(raw_twin(levels.front(), all.all[3]) == &all.all[4]);
}

TEST_CASE("figures that were not measured are dashes") {
  CHECK(number_cell(none) == "-");
  CHECK(number_cell(3.21) == "3.2");
  CHECK(number_cell(1'234'567) == "1,234,567");
  CHECK(quantile_cell(nullptr, 0.5) == "-");
  CHECK(quantile_cell(std::make_shared<histogram>(), 0.5) == "-");
  CHECK(spread_cell({none, none}, none) == "-");
  CHECK(spread_cell({0, 0}, 0) == "-");
  CHECK(spread_cell({100, 100}, 100) == "-");
  CHECK(share_cell(none) == "-");
  CHECK(share_cell(0.004) == "0.4 %");
  CHECK(share_cell(1.3) == "130 %");
  CHECK(percentile_text(0.5) == "50");
  CHECK(percentile_text(0.9999) == "99.99");
}

TEST_CASE("tasks are described in words") {
  task what;
  CHECK(describe(what)
        == "1 client with 1 write on its way, 1 row of 100 bytes a write, "
           "1.0 s a round");
  what.clients = 64;
  what.outstanding = 16;
  what.rows = {1, 10, 2, true};
  what.readers = 1;
  what.beside = background_load::flood;
  CHECK(describe(what)
        == "64 clients, each with 16 writes on their way, 10 rows of 1 byte a "
           "write, 2 indexes, whose rowids come back, 1 reader of single rows, "
           "beside a flood of best-effort messages, 1.0 s a round");
}

TEST_CASE("JSON has every figure of every round") {
  auto all = sample();
  all.about.emplace_back("quo\"te", "{[");
  all.all.front().rounds[1].log_bytes = 4'096;
  auto text = to_json(all);
  CHECK(is_balanced(text));
  CHECK(contains(text, "\"disk\": \"fast\""));
  CHECK(contains(text, "\"quo\\\"te\": \"{[\""));
  CHECK(contains(text, "\"median_rows_per_s\": 1000,"));
  CHECK(contains(text, "\"least_rows_per_s\": 900,"));
  CHECK(contains(text, "\"most_rows_per_s\": 1100,"));
  CHECK(contains(text, "\"rows_per_s\": 1100,"));
  CHECK(contains(text, "\"commits\": null"));
  CHECK(contains(text, "\"read_latency\": null"));
  CHECK(contains(text, "\"log_bytes\": 4096"));
  CHECK(contains(text, "\"slice_s\": 0.5"));
  CHECK(contains(text, "\"beside\": \"nothing\""));
  CHECK(count_of(text, "\"p99_9_us\"") == 9);
}

TEST_CASE("a section about scaling has one line for each value") {
  scaling_section section{"Rows | file", "What *grows*.", "rows", {}, "a.svg"};
  for (auto x : {"1,000", "2,000"})
    section.lines.push_back(
      make_scaling_line(x, series_of("w", "one|writer", {900, 1'000, 1'050})));
  CHECK(markdown_section(section)
        == "## Rows \\| file\n\n"
           "What *grows*.\n\n"
           "![Rows \\| file](<a.svg>)\n\n"
           "| rows | backend | synchronous | rows/s | spread | p50 us "
           "| p99 us |\n"
           "| ---: | :--- | :--- | ---: | ---: | ---: | ---: |\n"
           "| 1,000 | one\\|writer | full | 1,000 | -10..+5 % | 50 | 99 |\n"
           "| 2,000 | one\\|writer | full | 1,000 | -10..+5 % | 50 | 99 |\n");
  auto svg = scaling_svg(section);
  CHECK(is_nested(svg));
  CHECK(contains(svg, ">one|writer, full</text>"));
  CHECK(count_of(svg, "<polyline") == 2);
  CHECK(count_of(svg, "class=\"whisker\"") == 2);
  CHECK(contains(svg, ">2,000</text>"));
}

// -- axes ---------------------------------------------------------------------------

TEST_CASE("linear axes have ticks at 1, 2 or 5 times a power of ten") {
  CHECK(linear_ticks(10) == doubles{0, 2, 4, 6, 8, 10});
  CHECK(linear_ticks(23) == doubles{0, 5, 10, 15, 20, 25});
  CHECK(linear_ticks(700) == doubles{0, 200, 400, 600, 800});
}

TEST_CASE("logarithmic axes have ticks at powers of ten and in between") {
  CHECK(logarithmic_ticks(1, 10) == doubles{1, 2, 5, 10});
  CHECK(logarithmic_ticks(3, 180) == doubles{2, 5, 10, 20, 50, 100, 200});
  CHECK(logarithmic_ticks(100, 1e5).size() == 10);
  // Many decades have no room for more than their powers and the ends.
  CHECK(logarithmic_ticks(30, 1.9e6)
        == doubles{20, 100, 1e3, 1e4, 1e5, 1e6, 2e6});
}

TEST_CASE("ticks are written with prefixes") {
  CHECK(number_text(0) == "0");
  CHECK(number_text(0.5) == "0.5");
  CHECK(number_text(999) == "999");
  CHECK(number_text(1'500) == "1.5k");
  CHECK(number_text(2e6) == "2M");
  CHECK(duration_text(0) == "0");
  CHECK(duration_text(0.5) == "500 ns");
  CHECK(duration_text(20) == "20 \u00b5s");
  CHECK(duration_text(1'000) == "1 ms");
  CHECK(duration_text(2.5e6) == "2.5 s");
}

TEST_CASE("scales put values where they belong") {
  plot_scale linear{{"", false, plot_unit::number, {}}, {3, 9.5, none}};
  CHECK(linear.share(0) == 0);
  CHECK(is_near(linear.share(5), 0.5));
  CHECK(is_near(linear.share(10), 1));
  CHECK(texts(linear) == strings{"0", "2", "4", "6", "8", "10"});
  plot_scale logarithmic{{"", true, plot_unit::microseconds, {}}, {0, 10, 1e3}};
  CHECK(is_near(logarithmic.share(10), 0));
  CHECK(is_near(logarithmic.share(100), 0.5));
  CHECK(is_near(logarithmic.share(1e3), 1));
  CHECK(logarithmic.share(0) == 0);
  CHECK(texts(logarithmic).back() == "1 ms");
  plot_scale given{
    {"", true, plot_unit::number, {{1, "a"}, {64, "b"}, {1e9, ""}}}, {1, 64}};
  CHECK(texts(given) == strings{"a", "b"});
  CHECK(is_near(given.share(8), 0.5));
  CHECK(is_near(given.share(1), 0.03 / 1.06));
}

TEST_CASE("scales of nothing, or of one value, are no special case") {
  for (auto is_log : {false, true})
    for (auto& values : {doubles{}, doubles{0}, doubles{none}, doubles{10}}) {
      plot_scale made{{"", is_log, plot_unit::number, {}}, values};
      CHECK(made.ticks().size() > 1);
      CHECK(std::isfinite(made.share(10)));
      plot_scale given{{"", is_log, plot_unit::number, {{10, "x"}}}, values};
      CHECK(std::isfinite(given.share(10)));
    }
}

// -- plots --------------------------------------------------------------------------

TEST_CASE("points are drawn where the layout puts them") {
  auto figure = one_line(
    {{0, 1, {}, true}, {5, 10, {{5, 20}}, true}, {10, 100, {}, true}});
  plot_layout at{figure};
  auto& area = at.areas.front();
  CHECK(at.x_of(0) == at.left);
  CHECK(is_near(at.x_of(5), (at.left + at.right) / 2));
  CHECK(is_near(at.x_of(10), at.right));
  CHECK(is_near(at.y_of(area, 1), area.top + area.height));
  CHECK(is_near(at.y_of(area, 10), area.top + area.height / 2));
  CHECK(is_near(at.y_of(area, 100), area.top));
  auto svg = to_svg(figure, plot_place::page);
  // The scale from 0 to 10 begins beside "100", which is three digits wide.
  CHECK(contains(svg, "points=\"39,338 403,198 767,58\""));
  CHECK(count_of(svg, "class=\"whisker\"") == 1);
}

TEST_CASE("names are escaped in plots, which are well-formed") {
  auto figure = one_line({{0, 1, {}, true}, {5, 10, {}, false}});
  figure.title = "\"quoted\" & <b>\n";
  for (auto place : {plot_place::page, plot_place::file}) {
    auto svg = to_svg(figure, place);
    CHECK(is_nested(svg));
    CHECK(contains(svg, ">&lt;one&gt;</text>"));
    CHECK(contains(svg, ">a &amp; b</text>"));
    CHECK(contains(svg, "\"&quot;quoted&quot; &amp; &lt;b&gt;\\x0a\""));
    CHECK(contains(svg, "class=\"paper\"") == (place == plot_place::file));
  }
}

TEST_CASE("a line has a gap where there is no value") {
  auto svg = to_svg(one_line({{0, 1, {}, false},
                              {1, 2, {}, false},
                              {2, none, {}, false},
                              {3, none, {}, false},
                              {4, 1, {}, false},
                              {5, 0, {}, false},
                              {6, none, {}, false},
                              {7, 1, {}, false}}),
                    plot_place::page);
  CHECK(count_of(svg, "<polyline") == 2);
  // The lone point would be invisible otherwise; the other is the legend's.
  CHECK(count_of(svg, "class=\"marker\"") == 2);
  CHECK_FALSE(contains(svg, "nan"));
  CHECK_FALSE(contains(svg, "inf"));
}

TEST_CASE("the legend is right of the lines and ordered like their ends") {
  auto figure = one_line({{0, 1, {}, true}, {1, 2, {}, true}});
  auto& lines = figure.panels.front().lines;
  lines.push_back({"a higher line", 1, {{0, 3, {}, true}}});
  lines.push_back({"none", 2, {}});
  figure.panels.push_back(figure.panels.front());
  plot_layout at{figure};
  strings names;
  for (auto& x : at.legend)
    names.push_back(x.name);
  CHECK(names == strings{"a higher line", "<one>", "none"});
  CHECK(at.right + text_width("a higher line") < plot_layout::width);
  CHECK(at.areas[1].top > at.areas[0].top + at.areas[0].height);
}

TEST_CASE("percentile curves end where few records are left") {
  histogram of;
  CHECK(percentile_curve(of).empty());
  of.record(5us);
  CHECK(percentile_curve(of).back().one_of == 2);
  of.record(5us, 999);
  of.record(900us, 1'000);
  auto curve = percentile_curve(of);
  CHECK(curve.front().quantile == 0);
  CHECK(curve.back().one_of == 200);
  CHECK(is_near(curve.back().us, 900, 0.01));
  strings named;
  for (auto& x : curve)
    if (x.named)
      named.push_back(percentile_text(x.quantile));
  CHECK(named == strings{"50", "90", "99"});
}

TEST_CASE("clients are plotted where only their number differs") {
  results all;
  for (size_t clients : {1, 64, 8})
    all.all.push_back(with_clients(series_of("w", "a", {100, 300}), clients));
  all.all.push_back(with_clients(series_of("w", "b", {100}), 8));
  auto busy = with_clients(series_of("w", "c", {100}), 8);
  busy.what.readers = 1;
  all.all.push_back(busy);
  backend_names names{all};
  auto figures = client_figures(by_level(all).front(), names);
  REQUIRE(figures.size() == 1);
  CHECK(figures.front().x.ticks.size() == 3);
  auto& lines = figures.front().panels.front().lines;
  REQUIRE(lines.size() == 2);
  REQUIRE(lines[0].points.size() == 3);
  CHECK(lines[0].points[1].x == 8);
  CHECK(lines[0].points[1].y == 100);
  CHECK(lines[0].points[1].spread == std::pair{100.0, 300.0});
  CHECK_FALSE(lines[1].points[0].spread);
  // One number of clients is no curve.
  all.all.resize(1);
  CHECK(client_figures(by_level(all).front(), names).empty());
}

TEST_CASE("the timeline has rows per second and latency of each slice") {
  results all{{}, {series_of("w", "a", {200})}};
  all.all.front().what.rows.rows_per_write = 10;
  all.all.front().rounds.front().timeline[1].writes = 0;
  auto group = by_level(all).front().workloads.front();
  auto figure = timeline_figure(group, backend_names{all});
  auto& rates = figure.panels[0].lines.front().points;
  auto& p99s = figure.panels[1].lines.front().points;
  CHECK(rates[0].x == 0.25);
  CHECK(rates[0].y == 2'000);
  CHECK(rates[1].y == 0);
  CHECK(p99s[0].y == 90);
  CHECK(std::isnan(p99s[1].y));
}

// -- the page -----------------------------------------------------------------------

TEST_CASE("the page stands alone and escapes what it is given") {
  auto all = sample();
  all.about.emplace_back("<fact>", "a & b");
  all.all.push_back(series_of("<load>", "<script>", {10}));
  auto page = to_html(all);
  CHECK(contains(page, "<dt>&lt;fact&gt;</dt><dd>a &amp; b</dd>"));
  CHECK(contains(page, "&lt;load&gt;"));
  CHECK(contains(page, "<td class=\"text\">&lt;script&gt;</td>"));
  CHECK_FALSE(contains(page, "<script"));
  CHECK_FALSE(contains(page, "<load>"));
  CHECK_FALSE(contains(page, "src="));
  CHECK(contains(page, "<th>p99.9 \u00b5s</th>"));
  CHECK(contains(page, "<td>-10..+10 %</td>"));
  // Curves and a timeline for each of three workloads.
  CHECK(count_of(page, "<svg") == 6);
  CHECK(is_nested(page.substr(page.find("<body>"))
                    .substr(0, page.find("</html>") - page.find("<body>"))));
}

TEST_CASE("nothing, no rounds and empty rounds are reported, too") {
  results all;
  auto check = [&] {
    CHECK(is_balanced(to_json(all)));
    CHECK_FALSE(contains(to_json(all), "nan"));
    CHECK(contains(to_html(all), "</html>"));
    CHECK_FALSE(contains(to_html(all), "nan"));
    CHECK_FALSE(contains(table_text(all), "nan"));
  };
  check();
  all.all.push_back(series_of("w", "raw-1000", {}));
  check();
  CHECK(line_of(table_text(all), "raw-1000") == "raw-1000 - - - - - - - -");
  all.all.back().rounds.emplace_back();
  check();
  scaling_section section{"t", "i", "x", {}, ""};
  section.lines.push_back(make_scaling_line("1", all.all.back()));
  CHECK(contains(markdown_section(section), "| 1 | raw-1000 | full | - | - |"));
  CHECK_FALSE(contains(scaling_svg(section), "nan"));
  section.lines.clear();
  CHECK(is_nested(scaling_svg(section)));
}
