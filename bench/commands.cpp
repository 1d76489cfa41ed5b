#include "bench/commands.hpp"

#include "bench/plan/plan.hpp"
#include "bench/plan/scaling.hpp"
#include "bench/processes/process_backends.hpp"
#include "bench/report/results_page.hpp"
#include "bench/results/machine.hpp"
#include "bench/targets/memory_targets.hpp"
#include "bench/targets/process_targets.hpp"
#include "bench/targets/takeover_target.hpp"
#include "bench/targets/targets.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace onewriter::bench {

namespace {

namespace fs = std::filesystem;

results about(const bench_setting& in) {
  results result;
  result.about = machine_facts(in.opts, in.folder);
  result.about.emplace_back("measured", in.asked.rounds_text());
  return result;
}

void append(std::vector<planned>& to, const std::vector<planned>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

// -- workloads --------------------------------------------------------------------

std::vector<workload> chosen(const std::vector<std::string>& names,
                             const load_shape& shape) {
  auto all = all_workloads(shape);
  if (names.empty())
    return {all.front()};
  std::vector<workload> result;
  for (auto& name : names) {
    auto found = std::find_if(all.begin(), all.end(),
                              [&](auto& x) { return x.name == name; });
    if (name == "all")
      return all;
    if (found == all.end())
      throw std::invalid_argument{"unknown workload \"" + name + '"'};
    result.push_back(*found);
  }
  return result;
}

void require_some(const std::vector<planned>& plan) {
  if (plan.empty())
    throw std::invalid_argument{"nothing to measure: the backends of "
                                "--only do not support the workload"};
}

results run_workloads(const bench_setting& in,
                      const std::vector<std::string>& names) {
  auto plan = plan_of(in.asked, chosen(names, in.asked.shape), in.backends);
  require_some(plan);
  auto result = about(in);
  run_plan(in, without_repetitions(plan), result);
  return result;
}

// -- targets ----------------------------------------------------------------------

std::vector<finding> judge_all(const std::vector<target>& targets,
                               const std::vector<series>& measured,
                               const std::vector<finding>& memory) {
  std::vector<finding> result;
  for (auto& x : targets)
    result.push_back(judge(x, measured));
  result.insert(result.end(), memory.begin(), memory.end());
  return result;
}

results run_targets(const bench_setting& in) {
  auto result = about(in);
  auto targets = target_list(in.asked);
  require_some(plan_of(targets));
  auto memory = measure_memory(in, result.failures);
  run_plan(in, without_repetitions(plan_of(targets)), result);
  result.targets = judge_all(targets, result.all, memory);
  return result;
}

// -- processes --------------------------------------------------------------------

// Through one owner, as many clients in its process, and each with the file.
std::vector<backend> backends_with_processes(const bench_setting& in) {
  auto result = process_backends(in.asked.passed_on);
  result.insert(result.begin() + 1, find_backend(in.backends, "onewriter"));
  return result;
}

results run_processes(const bench_setting& given) {
  auto backends = backends_with_processes(given);
  bench_setting in{given.asked, given.opts, backends, given.folder,
                   given.interrupted};
  auto plan = plan_of(in.asked, {process_loads(in.asked.shape)}, in.backends);
  require_some(plan);
  auto targets = process_target_list(in.asked);
  auto result = about(in);
  finding takeovers;
  if (in.asked.takeovers > 0)
    takeovers = measure_takeovers(in, result.failures);
  run_plan(in, plan, result);
  result.targets = judge_all(targets, result.all, {});
  if (in.asked.takeovers > 0)
    result.targets.push_back(std::move(takeovers));
  return result;
}

// -- everything -------------------------------------------------------------------

// What was measured of each, under the names of this plan.
std::vector<series> renamed(const std::vector<planned>& plan,
                            const std::vector<series>& measured) {
  std::vector<series> result;
  for (auto& x : plan)
    if (auto* found = find_series(measured, x)) {
      result.push_back(*found);
      result.back().workload = x.workload;
    }
  return result;
}

// An axis that is only one place long shows nothing.
std::vector<scaling_axis> axes_for(const bench_options& asked) {
  auto result = scaling_axes(asked, fs::space(asked.folder).available);
  result.erase(std::remove_if(result.begin(), result.end(),
                              [](auto& x) { return x.places.size() < 2; }),
               result.end());
  return result;
}

std::vector<std::pair<std::string, std::string>>
names_of(const bench_setting& in) {
  std::vector<std::pair<std::string, std::string>> result;
  for (auto& x : in.backends)
    if (in.asked.wants(x.name))
      result.emplace_back(x.name, x.summary);
  return result;
}

// Found out before the measurements, which take an hour.
void require_place_for(const std::string& file) {
  std::error_code ignored;
  auto path = fs::path{file};
  if (fs::is_directory(path, ignored))
    throw std::invalid_argument{"--results: \"" + file
                                + "\" is a folder, not a file"};
  auto folder = path.parent_path();
  if (!folder.empty() && !fs::is_directory(folder, ignored))
    throw std::invalid_argument{"--results: there is no folder \""
                                + folder.string() + '"'};
}

results run_everything(const bench_setting& in) {
  require_place_for(in.asked.results);
  auto targets = target_list(in.asked);
  auto loads = plan_of(in.asked, all_workloads(), in.backends);
  auto axes = axes_for(in.asked);
  std::vector<std::vector<planned>> scaling;
  auto plan = plan_of(targets);
  append(plan, loads);
  for (auto& x : axes)
    append(plan, scaling.emplace_back(plan_of(in.asked, x, in.backends)));
  require_some(plan);
  results_page page{in.asked.results_command(), names_of(in), about(in)};
  auto& found = page.found;
  auto memory = measure_memory(in, found.failures);
  run_plan(in, without_repetitions(plan), found);
  auto measured = std::exchange(found.all, {});
  found.all = renamed(loads, measured);
  found.targets = judge_all(targets, measured, memory);
  page.processes = run_processes(in);
  auto& failures = page.processes.failures;
  found.failures.insert(found.failures.end(), failures.begin(), failures.end());
  // A page with less on it, and plots, do not replace those that are complete.
  if (in.interrupted || !found.failures.empty())
    return std::move(found);
  for (size_t i = 0; i < axes.size(); ++i)
    found.scaling.push_back(section_of(axes[i], scaling[i], measured));
  write_results_page(in.asked.results, page);
  return std::move(found);
}

} // namespace

results run_command(const bench_setting& in, const command_line& what) {
  switch (what.command) {
    case command::targets:
      return run_targets(in);
    case command::results:
      return run_everything(in);
    case command::processes:
      return run_processes(in);
    default:
      return run_workloads(in, what.workloads);
  }
}

} // namespace onewriter::bench
