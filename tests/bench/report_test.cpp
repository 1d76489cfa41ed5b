#include "bench/measure/percentile_curve.hpp"
#include "bench/plan/scaling.hpp"
#include "bench/report/cells.hpp"
#include "bench/report/grid.hpp"
#include "bench/report/json.hpp"
#include "bench/report/results_page.hpp"
#include "bench/report/table.hpp"
#include "bench/workload/describe.hpp"

#include "tests/catch.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

using namespace onewriter;
using namespace onewriter::bench;
using namespace std::chrono_literals;
using nlohmann::ordered_json;

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

bool is_near(double x, double y, double relative = 1e-9) {
  return std::abs(x - y) <= relative * std::max(1.0, std::abs(y));
}

using strings = std::vector<std::string>;

strings keys_of(const ordered_json& x) {
  strings result;
  for (auto& [key, _] : x.items())
    result.push_back(key);
  return result;
}

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
  REQUIRE(grids[0].writes.groups.size() == 2);
  CHECK(grids[0].writes.groups[0].workload == "1 x 1");
  CHECK(grids[0].writes.groups[0].lines.back().backend == "mutex");
  CHECK(grids[1].synchronous == synchronous::normal);
  // Another level has nothing that it could be compared with.
  CHECK(grids[1].writes.columns.back().title == "rows/commit");
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
  CHECK(make_grids(all).front().aside.groups.empty());
  all.all.back().rounds.front().refused = 7;
  // That was not the median round.
  CHECK(make_grids(all).front().aside.groups.empty());
  auto& median = all.all.back().rounds.back();
  median.refused = 8;
  median.reads = 250;
  median.read_latency = median.write_latency;
  auto aside = make_grids(all).front().aside;
  REQUIRE(aside.groups.size() == 1);
  CHECK(aside.groups.front().workload == "8 x 1");
  CHECK(aside.groups.front().lines.front().cells
        == strings{"onewriter", "250", "99", "8"});
  CHECK(contains(table_text(all), "reads/s  read p99 us  refused"));
}

TEST_CASE("fairness has columns where clients are processes") {
  auto all = sample();
  auto& x = all.all.back();
  x.backend = "onewriter-processes";
  auto& median = x.rounds.back();
  median.fewest_writes = 90;
  median.average_writes = 100;
  median.write_waits = median.write_latency;
  auto grids = make_grids(all).front();
  REQUIRE(grids.aside.groups.size() == 1);
  CHECK(grids.aside.groups.front().lines.front().cells
        == strings{"onewriter-processes", "100", "90 %"});
  CHECK(grids.title_of_aside() == "Fairness");
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
  all.about.emplace_back("quo\"te", "{[\xff");
  all.all.front().rounds[1].log_bytes = 4'096;
  all.all.front().rounds[1].timeline[1].writes = 0;
  auto json = ordered_json::parse(to_json(all));
  CHECK(keys_of(json) == strings{"facts", "series"});
  CHECK(json["facts"]["disk"] == "fast");
  CHECK(json["facts"]["quo\"te"] == "{[\uFFFD");
  REQUIRE(json["series"].size() == 3);
  auto& first = json["series"][0];
  CHECK(keys_of(first)
        == strings{"workload", "backend", "synchronous", "task",
                   "median_rows_per_s", "least_rows_per_s", "most_rows_per_s",
                   "rounds"});
  CHECK(first["workload"] == "1 x 1");
  CHECK(first["backend"] == "onewriter");
  CHECK(first["synchronous"] == "full");
  CHECK(first["median_rows_per_s"] == 1'000);
  CHECK(first["least_rows_per_s"] == 900);
  CHECK(first["most_rows_per_s"] == 1'100);
  CHECK(first["task"]["beside"] == "nothing");
  REQUIRE(first["rounds"].size() == 3);
  auto& round = first["rounds"][1];
  CHECK(keys_of(round)
        == strings{"length_s", "rows_per_s", "writes_per_s", "reads_per_s",
                   "rows", "writes", "reads", "commits", "refused", "log_bytes",
                   "write_latency", "read_latency", "write_waits",
                   "fewest_writes_of_client", "timeline"});
  CHECK(round["rows_per_s"] == 1'100);
  CHECK(round["commits"].is_null());
  CHECK(round["read_latency"].is_null());
  CHECK(round["log_bytes"] == 4'096);
  CHECK(is_near(round["write_latency"]["p99_9_us"].get<double>(), 100, 0.02));
  CHECK(round["write_latency"]["curve"]["percentile"][3] == 50);
  CHECK(
    is_near(round["write_latency"]["curve"]["us"][3].get<double>(), 50, 0.02));
  CHECK(round["timeline"]["slice_s"] == 0.5);
  CHECK(round["timeline"]["writes"] == ordered_json{550, 0});
  CHECK(round["timeline"]["p99_us"] == ordered_json{90.0, nullptr});
}

TEST_CASE("JSON has the lines of sections about scaling") {
  results all;
  scaling_section section{"row", "Size of a row", "Text.", "bytes", {}};
  section.lines = {make_scaling_line("1,000", sample().all.front()),
                   make_scaling_line("2,000", series_of("w", "queue", {}))};
  all.scaling = {section};
  auto json = nlohmann::json::parse(to_json(all))["scaling"][0];
  CHECK(json["name"] == "row");
  CHECK(json["title"] == "Size of a row");
  CHECK(json["x_name"] == "bytes");
  REQUIRE(json["lines"].size() == 2);
  auto first = json["lines"][0];
  CHECK(is_near(first["p50_us"].get<double>(), 50, 0.02));
  CHECK(is_near(first["p99_us"].get<double>(), 99, 0.02));
  first.erase("p50_us");
  first.erase("p99_us");
  CHECK(first
        == nlohmann::json{{"x", "1,000"},
                          {"backend", "onewriter"},
                          {"synchronous", "full"},
                          {"rows_per_s", 1'000.0},
                          {"least_rows_per_s", 900.0},
                          {"most_rows_per_s", 1'100.0}});
  for (auto key : {"rows_per_s", "least_rows_per_s", "p50_us", "p99_us"})
    CHECK(json["lines"][1][key].is_null());
}

TEST_CASE("a section about scaling has one line for each value") {
  scaling_section section{"a", "Rows | file", "What *grows*.", "rows", {}};
  for (auto x : {"1,000", "2,000"})
    section.lines.push_back(
      make_scaling_line(x, series_of("w", "one|writer", {900, 1'000, 1'050})));
  CHECK(markdown_section(section)
        == "## Rows \\| file\n\n"
           "What *grows*.\n\n"
           "![Rows \\| file](<scaling-a.svg>)\n\n"
           "| rows | backend | synchronous | rows/s | spread | p50 us "
           "| p99 us |\n"
           "| ---: | :--- | :--- | ---: | ---: | ---: | ---: |\n"
           "| 1,000 | one\\|writer | full | 1,000 | -10..+5 % | 50 | 99 |\n"
           "| 2,000 | one\\|writer | full | 1,000 | -10..+5 % | 50 | 99 |\n");
}

TEST_CASE("percentile curves end where few records are left") {
  histogram of;
  CHECK(percentile_curve(of).empty());
  of.record(5us);
  CHECK(percentile_curve(of).back().quantile == 0.5);
  of.record(5us, 999);
  of.record(900us, 1'000);
  auto curve = percentile_curve(of);
  CHECK(curve.front().quantile == 0);
  CHECK(is_near(curve.back().quantile, 0.995));
  CHECK(is_near(curve.back().us, 900, 0.01));
  strings percentiles;
  for (auto& x : curve)
    percentiles.push_back(percentile_text(x.quantile));
  for (std::string named : {"50", "90", "99"})
    CHECK(std::count(percentiles.begin(), percentiles.end(), named) == 1);
}

TEST_CASE("nothing, no rounds and empty rounds are reported, too") {
  results all;
  auto check = [&] {
    auto json = nlohmann::json::parse(to_json(all));
    CHECK(json["series"].size() == all.all.size());
    auto page = to_markdown({"command", {}, all});
    CHECK(contains(page, "# Results\n"));
    CHECK_FALSE(contains(page, "nan"));
    CHECK_FALSE(contains(table_text(all), "nan"));
  };
  check();
  all.all.push_back(series_of("w", "raw-1000", {}));
  check();
  CHECK(line_of(table_text(all), "raw-1000") == "raw-1000 - - - - - - - -");
  all.all.back().rounds.emplace_back();
  check();
  scaling_section section{"n", "t", "i", "x", {}};
  section.lines.push_back(make_scaling_line("1", all.all.back()));
  CHECK(contains(markdown_section(section), "| 1 | raw-1000 | full | - | - |"));
}
