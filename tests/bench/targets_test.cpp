#include "bench/plan/scaling.hpp"
#include "bench/report/finding_cells.hpp"
#include "bench/report/json.hpp"
#include "bench/report/results_page.hpp"
#include "bench/report/table.hpp"
#include "bench/targets/targets.hpp"

#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

using namespace onewriter;
using namespace onewriter::bench;
using namespace std::chrono_literals;

namespace {

// One second, in which all writes took the same time.
measurement round_of(uint64_t rows, std::chrono::nanoseconds latency) {
  measurement result;
  result.writes = result.rows = rows;
  result.reads = 2 * rows;
  result.log_bytes = 3 * rows;
  result.length = 1s;
  auto all = std::make_shared<histogram>();
  all->record(latency, rows);
  result.write_latency = all;
  return result;
}

series series_of(const planned& x, const std::vector<uint64_t>& rates,
                 std::chrono::nanoseconds latency = 1ms) {
  series result;
  result.workload = x.workload;
  result.backend = x.backend;
  result.synchronous = x.synchronous;
  result.what = x.what;
  for (auto rate : rates)
    result.rounds.push_back(round_of(rate, latency));
  return result;
}

planned cell(const std::string& backend, size_t clients = 64) {
  task what;
  what.clients = clients;
  return {"some", backend, synchronous::full, what};
}

target rate_target(double least) {
  target result;
  result.name = "rows/s against queue";
  result.ours = {"onewriter", cell("onewriter")};
  result.against = {{"queue", cell("queue")}};
  result.limit = least;
  return result;
}

std::vector<series> ours_and(const std::vector<uint64_t>& theirs) {
  return {series_of(cell("onewriter"), {900, 1'000, 5'000}),
          series_of(cell("queue"), theirs)};
}

// As a table shows it.
std::string text_of(const finding& x) {
  return measured_cell(x) + "; " + limit_cell(x) + "; " + met_cell(x) + "; "
         + figures_cell(x);
}

// Texts have fewer digits than figures.
bool is_near(double x, double y, double share) {
  return std::abs(x - y) <= share * y;
}

bool contains(const std::string& text, const std::string& what) {
  return text.find(what) != std::string::npos;
}

const scaling_axis& axis_named(const std::vector<scaling_axis>& all,
                               const std::string& name) {
  auto found = std::find_if(all.begin(), all.end(),
                            [&](auto& x) { return x.name == name; });
  REQUIRE(found != all.end());
  return *found;
}

backend named_backend(const std::string& name) {
  return {name, "", [](const task&) { return true; }, {}};
}

std::vector<backend> named_backends() {
  return {named_backend("onewriter"), named_backend("queue"),
          named_backend("raw-1000")};
}

// What is made up: twice the rows with each place, thrice the latency.
std::vector<series> doubling(const std::vector<planned>& plan) {
  std::vector<series> result;
  uint64_t rate = 1'000;
  auto latency = std::chrono::nanoseconds{1ms};
  for (auto& x : plan) {
    result.push_back(series_of(x, {rate}, latency));
    rate *= 2;
    latency *= 3;
  }
  return result;
}

// The cells of the lines of a table in Markdown.
std::vector<std::vector<std::string>> rows_of(const std::string& markdown) {
  std::vector<std::vector<std::string>> result;
  std::istringstream in{markdown};
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("| ", 0) != 0)
      continue;
    std::istringstream cells{line.substr(2)};
    auto& row = result.emplace_back();
    for (std::string x; std::getline(cells, x, '|');)
      row.push_back(
        x.substr(0, x.find_last_not_of(' ') + 1).erase(0, x[0] == ' '));
  }
  return result;
}

double number_of(std::string cell) {
  cell.erase(std::remove(cell.begin(), cell.end(), ','), cell.end());
  return std::stod(cell);
}

// A number of the line of `x` and onewriter, synchronous = full.
double number_at(const std::string& markdown, const std::string& x,
                 size_t column) {
  for (auto& row : rows_of(markdown))
    if (row.size() > column && row[0] == x && row[1] == "onewriter"
        && row[2] == "full")
      return number_of(row[column]);
  FAIL("no line of " << x);
  return 0;
}

// The first number in `text` behind `words`.
double number_behind(const std::string& text, const std::string& words) {
  auto at = text.find(words);
  REQUIRE(at != std::string::npos);
  return number_of(text.substr(at + words.size()));
}

} // namespace

// -- plans ---------------------------------------------------------------------------

TEST_CASE("what several want to be measured is measured once") {
  auto long_one = cell("queue");
  long_one.what.length = 60s;
  auto once = cell("queue", 8);
  once.most_rounds = 1;
  auto renamed = cell("onewriter");
  renamed.workload = "another name";
  auto plan = without_repetitions({cell("onewriter"), cell("queue"), long_one,
                                   renamed, once, cell("queue", 8)});
  REQUIRE(plan.size() == 4);
  CHECK(plan[0].workload == "some");
  CHECK(plan[1].backend == "queue");
  CHECK(plan[2].what.length == 60s);
  CHECK(plan[3].most_rounds == cell("queue").most_rounds);
  auto normal = cell("onewriter");
  normal.synchronous = synchronous::normal;
  CHECK(without_repetitions({cell("onewriter"), normal}).size() == 2);
}

TEST_CASE("targets share what they are made of") {
  bench_options asked;
  auto targets = target_list(asked);
  auto plan = plan_of(targets);
  auto once = without_repetitions(plan);
  CHECK(once.size() < plan.size());
  std::set<std::string> names;
  for (auto& x : targets) {
    names.insert(x.name);
    CHECK(std::any_of(once.begin(), once.end(),
                      [&](auto& y) { return is_same(x.ours.cell, y); }));
  }
  CHECK(names.size() == targets.size());
}

TEST_CASE("targets ask for the length that a run has") {
  bench_options asked;
  auto longest = [&] {
    auto result = 0ns;
    for (auto& x : plan_of(target_list(asked)))
      result = std::max(result, x.what.length);
    return result;
  };
  CHECK(longest() == 60s);
  asked.seconds = 0.25;
  CHECK(longest() == 2500ms);
}

// -- figures -------------------------------------------------------------------------

TEST_CASE("a target compares medians") {
  CHECK(text_of(judge(rate_target(0.8), ours_and({1'250, 9'999, 10})))
        == "0.80; at least 0.8; yes; onewriter 1,000, queue 1,250 rows/s");
  CHECK(text_of(judge(rate_target(0.8), ours_and({1'251})))
        == "0.80; at least 0.8; no; onewriter 1,000, queue 1,251 rows/s");
}

TEST_CASE("of several, the best is what counts, and is named") {
  auto what = rate_target(0.8);
  what.against.push_back({"mutex", cell("mutex")});
  what.others = {{"node", cell("node")}};
  auto measured = ours_and({1'000});
  measured.push_back(series_of(cell("mutex"), {1'250, 9'000, 1}));
  measured.push_back(series_of(cell("node"), {7'000}));
  CHECK(text_of(judge(what, measured))
        == "0.80; at least 0.8; yes; onewriter 1,000, mutex 1,250, node 7,000 "
           "rows/s");
  // What was not measured might be better.
  measured.erase(measured.begin() + 1);
  CHECK(text_of(judge(what, measured))
        == "-; at least 0.8; -; onewriter 1,000, queue -, node 7,000 rows/s");
}

TEST_CASE("a target may compare two figures of one measurement") {
  target what;
  what.figure = figure::p99;
  what.ours = {"p99", cell("onewriter")};
  what.against = {{"p50", cell("onewriter")}};
  what.against_figure = figure::p50;
  what.is_least = false;
  what.limit = 3;
  auto measured = series_of(cell("onewriter"), {100});
  auto slow = std::make_shared<histogram>();
  slow->record(100us, 90);
  slow->record(400us, 10);
  measured.rounds.front().write_latency = slow;
  auto found = judge(what, {measured});
  CHECK(is_near(found.measured, 4, 0.02));
  CHECK_FALSE(found.is_met());
  CHECK(found.figures.back().first == "p50");
}

TEST_CASE("a latency by itself has its unit") {
  target what;
  what.figure = figure::p50;
  what.ours = {"onewriter", cell("onewriter")};
  what.is_least = false;
  what.limit = 25;
  auto found = judge(what, {});
  CHECK(text_of(found) == "- us; at most 25 us; -; onewriter - us");
  found.measured = 20;
  CHECK(measured_cell(found) == "20 us");
  CHECK(found.is_met());
}

TEST_CASE("targets have the callers and peers that were asked for") {
  bench_options asked;
  asked.levels = {synchronous::full};
  asked.backends = {"onewriter-threads", "node-threads", "mutex", "event-loop"};
  std::string found;
  for (auto& x : target_list(asked)) {
    found += x.name + ':';
    for (auto& y : x.against)
      found += ' ' + y.name;
    found += " /";
    for (auto& y : x.others)
      found += ' ' + y.name;
    found += '\n';
  }
  // No event loop beside threads.
  CHECK(found
        == "8 x 1, full, threads: rows/s against the best peer: mutex / "
           "node-threads\n"
           "64 x 1, full, threads: rows/s against the best peer: mutex / "
           "node-threads\n"
           "1 x 1, full, threads: rows/s against mutex: mutex / "
           "node-threads\n");
}

TEST_CASE("a target about latency has an upper limit") {
  auto what = rate_target(1.0 / 200);
  what.figure = figure::p99_9;
  what.is_least = false;
  std::vector<series> measured{series_of(cell("onewriter"), {1'000}, 1ms),
                               series_of(cell("queue"), {1'000}, 400ms)};
  auto found = judge(what, measured);
  CHECK(found.is_met());
  CHECK(is_near(found.measured, 1.0 / 400, 0.02));
  measured[1] = series_of(cell("queue"), {1'000}, 100ms);
  CHECK_FALSE(judge(what, measured).is_met());
}

TEST_CASE("a target about a size takes the largest of all rounds") {
  target what;
  what.figure = figure::log_bytes;
  what.ours = {"onewriter", cell("onewriter")};
  what.others = {{"queue", cell("queue")}};
  what.is_least = false;
  what.limit = 15'000;
  CHECK(text_of(judge(what, ours_and({7})))
        == "15.0 kB; at most 15.0 kB; yes; onewriter 15.0 kB, queue 21 B");
}

TEST_CASE("a target without its measurement is neither met nor missed") {
  auto found = judge(rate_target(0), {series_of(cell("onewriter"), {1'000})});
  CHECK(text_of(found) == "-; at least 0; -; onewriter 1,000, queue - rows/s");
  CHECK_FALSE(found.is_met());
}

TEST_CASE("targets are printed with their figures") {
  results all;
  all.targets = {judge(rate_target(0.8), ours_and({1'250})),
                 judge(rate_target(0.8), ours_and({4'000}))};
  std::ostringstream out;
  print_targets(out, all);
  CHECK(contains(out.str(), "onewriter 1,000, queue 4,000 rows/s"));
  CHECK(contains(out.str(), "1 of 2 targets met: "));
  auto json = to_json(all);
  CHECK(contains(json, "\"measured\": 0.25"));
  CHECK(contains(json, "\"met\": false"));
  CHECK(contains(json, "\"queue\": 1250"));
}

// -- scaling --------------------------------------------------------------------------

TEST_CASE("the text of a section agrees with its table") {
  bench_options asked;
  auto axes = scaling_axes(asked, 100'000'000'000);
  for (auto& axis : axes) {
    INFO(axis.title);
    auto plan = plan_of(asked, axis, named_backends());
    auto section = section_of(axis, plan, doubling(plan));
    auto markdown = markdown_section(section);
    auto& from = axis.advice.from;
    auto& to = axis.advice.to;
    auto rate = number_at(markdown, to, 3) / number_at(markdown, from, 3);
    auto p99 = number_at(markdown, to, 6) / number_at(markdown, from, 6);
    if (axis.advice.is_about_bytes)
      rate *= 1'000;
    CHECK(
      is_near(number_behind(markdown, "change by a factor of "), rate, 0.01));
    CHECK(is_near(number_behind(markdown, "its p99 by "), p99, 0.02));
    CHECK(contains(markdown, axis.advice.rises));
  }
}

TEST_CASE("advice follows the figures") {
  bench_options asked;
  auto axes = scaling_axes(asked, 0);
  auto& axis = axis_named(axes, "clients");
  auto advice_at = [&](double few, double many) {
    scaling_line from{"64", "onewriter", synchronous::full, few, {}, 1, 1};
    scaling_line to{"4,096", "onewriter", synchronous::full, many, {}, 1, 1};
    return conclusion(axis, {from, to});
  };
  CHECK(contains(advice_at(100, 79), axis.advice.falls));
  CHECK(contains(advice_at(100, 81), axis.advice.stays));
  CHECK(contains(advice_at(100, 124), axis.advice.stays));
  CHECK(contains(advice_at(100, 126), axis.advice.rises));
  CHECK(contains(advice_at(100, 79), "a factor of 0.79 (full), its p99"));
  CHECK(advice_at(100, std::nan("")).empty());
  CHECK(conclusion(axis, {}).empty());
}

TEST_CASE("files are filled as far as wanted and as the disk has room") {
  bench_options asked;
  auto sizes = [&](uint64_t free_bytes) {
    std::string result;
    auto axes = scaling_axes(asked, free_bytes);
    for (auto& x : axis_named(axes, "size").places)
      result += x.x + ' ';
    return result;
  };
  CHECK(sizes(100'000'000'000) == "empty 1.0 GB ");
  CHECK(sizes(1'000'000) == "empty ");
  asked.max_database_gb = 10;
  CHECK(sizes(100'000'000'000) == "empty 1.0 GB 10.0 GB ");
  CHECK(sizes(20'000'000'000) == "empty 1.0 GB ");
}

// -- page ----------------------------------------------------------------------------

TEST_CASE("the page has a section for everything") {
  bench_options asked;
  auto axes = scaling_axes(asked, 0);
  auto& axis = axis_named(axes, "row");
  auto plan = plan_of(asked, axis, named_backends());
  results_page page;
  page.command = asked.results_command();
  page.found.about = {{"disk", "fast"}};
  page.found.all = ours_and({2'000});
  page.found.targets = {judge(rate_target(0.8), page.found.all)};
  page.found.scaling = {section_of(axis, plan, doubling(plan))};
  test::temp_folder folder;
  write_results_page(folder.file("RESULTS.md"), page);
  std::ifstream in{folder.file("RESULTS.md")};
  std::ostringstream text;
  text << in.rdbuf();
  CHECK(contains(text.str(), "onewriter-bench results --seconds=2 --rounds=3 "
                             "--levels=full,normal --seed=1 "));
  CHECK(contains(text.str(), "- disk: fast\n"));
  CHECK(contains(text.str(), "| rows/s against queue | 0.50 | at least 0.8 | "
                             "no | onewriter 1,000, queue 2,000 rows/s |\n"));
  CHECK(contains(text.str(), "## Workloads, synchronous = full\n"));
  CHECK(contains(text.str(), "| some | queue | 2,000 |"));
  CHECK(contains(text.str(), "![Size of a row](<scaling-row.svg>)\n"));
}
