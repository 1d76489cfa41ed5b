#include "bench/report/json.hpp"

#include "bench/measure/percentile_curve.hpp"
#include "bench/report/finding_cells.hpp"
#include "bench/results/groups.hpp"
#include "bench/workload/describe.hpp"

#include <nlohmann/json.hpp>

#include <limits>

namespace onewriter::bench {

namespace {

// Keeps the order of its members, and prints NaN as null.
using nlohmann::ordered_json;

double seconds(std::chrono::nanoseconds x) {
  return std::chrono::duration<double>{x}.count();
}

// An array that `get` takes its elements from.
template <class Container, class F>
ordered_json array_of(const Container& from, F get) {
  auto result = ordered_json::array();
  for (auto& x : from)
    result.push_back(get(x));
  return result;
}

// An object of names and values.
template <class Container>
ordered_json object_of(const Container& pairs) {
  auto result = ordered_json::object();
  for (auto& [name, value] : pairs)
    result[name] = value;
  return result;
}

ordered_json task_json(const task& x) {
  return {{"clients", x.clients},
          {"outstanding", x.outstanding},
          {"arrivals_per_s", x.arrivals_per_second},
          {"payload_bytes", x.rows.payload_bytes},
          {"rows_per_write", x.rows.rows_per_write},
          {"indexes", x.rows.indexes},
          {"returning", x.rows.returning},
          {"readers", x.readers},
          {"beside", to_string(x.beside)},
          {"rows_before", x.rows_before},
          {"length_s", seconds(x.length)},
          {"seed", x.seed}};
}

ordered_json latency_json(const std::shared_ptr<const histogram>& of) {
  if (of == nullptr || of->count() == 0)
    return nullptr;
  auto curve = percentile_curve(*of);
  return {
    {"count", of->count()},
    {"p50_us", microseconds(of->quantile(0.5))},
    {"p90_us", microseconds(of->quantile(0.9))},
    {"p99_us", microseconds(of->quantile(0.99))},
    {"p99_9_us", microseconds(of->quantile(0.999))},
    {"max_us", microseconds(of->max())},
    {"curve",
     {{"percentile", array_of(curve, [](auto& x) { return x.quantile * 100; })},
      {"us", array_of(curve, [](auto& x) { return x.us; })}}}};
}

ordered_json timeline_json(const measurement& x) {
  // A slice without writes has no latency.
  auto p99 = [](auto& y) {
    return y.writes == 0 ? std::numeric_limits<double>::quiet_NaN()
                         : microseconds(y.p99);
  };
  return {{"slice_s", seconds(x.slice_length)},
          {"writes", array_of(x.timeline, [](auto& y) { return y.writes; })},
          {"p99_us", array_of(x.timeline, p99)}};
}

ordered_json round_json(const measurement& x) {
  return {
    {"length_s", seconds(x.length)},
    {"rows_per_s", x.rows_per_second()},
    {"writes_per_s", x.writes_per_second()},
    {"reads_per_s", x.reads_per_second()},
    {"rows", x.rows},
    {"writes", x.writes},
    {"reads", x.reads},
    {"commits", x.commits == 0 ? ordered_json{} : ordered_json(x.commits)},
    {"refused", x.refused},
    {"log_bytes", x.log_bytes},
    {"write_latency", latency_json(x.write_latency)},
    {"read_latency", latency_json(x.read_latency)},
    {"write_waits", latency_json(x.write_waits)},
    {"fewest_writes_of_client", x.fewest_writes},
    {"timeline", timeline_json(x)}};
}

ordered_json series_json(const series& x) {
  ordered_json result{{"workload", x.workload},
                      {"backend", x.backend},
                      {"synchronous", to_string(x.synchronous)},
                      {"task", task_json(x.what)}};
  if (auto* median = median_round(x)) {
    auto [low, high] = x.spread();
    result["median_rows_per_s"] = median->rows_per_second();
    result["least_rows_per_s"] = low;
    result["most_rows_per_s"] = high;
  }
  result["rounds"] = array_of(x.rounds, round_json);
  return result;
}

ordered_json target_json(const finding& x) {
  return {{"name", x.name},
          {"unit", x.is_ratio ? "ratio" : unit_of(x.figure)},
          {"measured", x.measured},
          {x.is_least ? "at_least" : "at_most", x.limit},
          {"met", x.is_met()},
          {"figures_unit", unit_of(x.figure)},
          {"figures", object_of(x.figures)}};
}

ordered_json scaling_line_json(const scaling_line& x) {
  return {{"x", x.x},
          {"backend", x.backend},
          {"synchronous", to_string(x.synchronous)},
          {"rows_per_s", x.rows_per_second},
          {"least_rows_per_s", x.spread.first},
          {"most_rows_per_s", x.spread.second},
          {"p50_us", x.p50_us},
          {"p99_us", x.p99_us}};
}

ordered_json scaling_json(const scaling_section& x) {
  return {{"name", x.name},
          {"title", x.title},
          {"x_name", x.x_name},
          {"lines", array_of(x.lines, scaling_line_json)}};
}

} // namespace

std::string to_json(const results& of) {
  ordered_json result{{"facts", object_of(of.about)}};
  if (!of.targets.empty())
    result["targets"] = array_of(of.targets, target_json);
  result["series"] = array_of(of.all, series_json);
  if (!of.scaling.empty())
    result["scaling"] = array_of(of.scaling, scaling_json);
  // Names may hold any bytes.
  return result.dump(2, ' ', false, ordered_json::error_handler_t::replace);
}

} // namespace onewriter::bench
