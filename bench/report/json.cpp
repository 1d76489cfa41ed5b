#include "bench/report/json.hpp"

#include "actors/console/json_writer.hpp"
#include "bench/report/finding_cells.hpp"
#include "bench/report/groups.hpp"
#include "bench/report/percentile_curve.hpp"
#include "bench/report/wording.hpp"

#include <limits>

namespace onewriter::bench {

namespace {

double seconds(std::chrono::nanoseconds x) {
  return std::chrono::duration<double>{x}.count();
}

// `numbers` as an array that `get` takes its elements from.
template <class Container, class F>
void add_array(json_writer& to, const char* name, const Container& from,
               F get) {
  to.key(name);
  to.begin_array();
  for (auto& x : from)
    to.number(get(x));
  to.end_array();
}

void add_task(json_writer& to, const task& x) {
  to.key("task");
  to.begin_object();
  to.member("clients", x.clients);
  to.member("outstanding", x.outstanding);
  to.member("arrivals_per_s", x.arrivals_per_second);
  to.member("payload_bytes", x.rows.payload_bytes);
  to.member("rows_per_write", x.rows.rows_per_write);
  to.member("indexes", x.rows.indexes);
  to.member("returning", x.rows.returning);
  to.member("readers", x.readers);
  to.member("beside", to_string(x.beside));
  to.member("rows_before", x.rows_before);
  to.member("length_s", seconds(x.length));
  to.member("seed", x.seed);
  to.end_object();
}

void add_latency(json_writer& to, const char* name,
                 const std::shared_ptr<const histogram>& of) {
  to.key(name);
  if (of == nullptr || of->count() == 0) {
    to.null();
    return;
  }
  to.begin_object();
  to.member("count", of->count());
  to.member("p50_us", microseconds(of->quantile(0.5)));
  to.member("p90_us", microseconds(of->quantile(0.9)));
  to.member("p99_us", microseconds(of->quantile(0.99)));
  to.member("p99_9_us", microseconds(of->quantile(0.999)));
  to.member("max_us", microseconds(of->max()));
  auto curve = percentile_curve(*of);
  to.key("curve");
  to.begin_object();
  add_array(to, "percentile", curve, [](auto& x) { return x.quantile * 100; });
  add_array(to, "us", curve, [](auto& x) { return x.us; });
  to.end_object();
  to.end_object();
}

void add_timeline(json_writer& to, const measurement& x) {
  to.key("timeline");
  to.begin_object();
  to.member("slice_s", seconds(x.slice_length));
  add_array(to, "writes", x.timeline, [](auto& y) { return y.writes; });
  add_array(to, "p99_us", x.timeline, [](auto& y) {
    // A slice without writes has none.
    return y.writes == 0 ? std::numeric_limits<double>::quiet_NaN()
                         : microseconds(y.p99);
  });
  to.end_object();
}

void add_round(json_writer& to, const measurement& x) {
  to.begin_object();
  to.member("length_s", seconds(x.length));
  to.member("rows_per_s", x.rows_per_second());
  to.member("writes_per_s", x.writes_per_second());
  to.member("reads_per_s", x.reads_per_second());
  to.member("rows", x.rows);
  to.member("writes", x.writes);
  to.member("reads", x.reads);
  to.key("commits");
  if (x.commits == 0)
    to.null();
  else
    to.number(x.commits);
  to.member("refused", x.refused);
  to.member("log_bytes", x.log_bytes);
  add_latency(to, "write_latency", x.write_latency);
  add_latency(to, "read_latency", x.read_latency);
  add_timeline(to, x);
  to.end_object();
}

void add_summary(json_writer& to, const series& x) {
  auto* median = median_round(x);
  if (median == nullptr)
    return;
  auto [low, high] = x.spread();
  to.member("median_rows_per_s", median->rows_per_second());
  to.member("least_rows_per_s", low);
  to.member("most_rows_per_s", high);
}

void add_series(json_writer& to, const series& x) {
  to.begin_object();
  to.member("workload", x.workload);
  to.member("backend", x.backend);
  to.member("synchronous", to_string(x.synchronous));
  add_task(to, x.what);
  add_summary(to, x);
  to.key("rounds");
  to.begin_array();
  for (auto& round : x.rounds)
    add_round(to, round);
  to.end_array();
  to.end_object();
}

void add_target(json_writer& to, const finding& x) {
  to.begin_object();
  to.member("name", x.name);
  to.member("unit", x.is_ratio ? "ratio" : unit_of(x.figure));
  to.key("measured");
  to.number(x.measured);
  to.member(x.is_least ? "at_least" : "at_most", x.limit);
  to.member("met", x.is_met());
  to.member("figures_unit", unit_of(x.figure));
  to.key("figures");
  to.begin_object();
  for (auto& [name, value] : x.figures)
    to.member(name, value);
  to.end_object();
  to.end_object();
}

} // namespace

std::string to_json(const results& of) {
  json_writer to;
  to.begin_object();
  to.key("facts");
  to.begin_object();
  for (auto& [name, value] : of.about)
    to.member(name, value);
  to.end_object();
  if (!of.targets.empty()) {
    to.key("targets");
    to.begin_array();
    for (auto& x : of.targets)
      add_target(to, x);
    to.end_array();
  }
  to.key("series");
  to.begin_array();
  for (auto& x : of.all)
    add_series(to, x);
  to.end_array();
  to.end_object();
  return to.text();
}

} // namespace onewriter::bench
