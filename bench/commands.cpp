#include "bench/commands.hpp"

#include "bench/document.hpp"
#include "bench/growth.hpp"
#include "bench/machine.hpp"
#include "bench/memory_targets.hpp"
#include "bench/plan.hpp"
#include "bench/prefilled_file.hpp"
#include "bench/results_page.hpp"
#include "bench/targets.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

namespace onewriter::bench {

namespace {

namespace fs = std::filesystem;

/// Removes in the end what runs share.
class shared_files {
public:
  explicit shared_files(std::string folder) : folder_{std::move(folder)} {
    // nop
  }

  shared_files(const shared_files&) = delete;

  shared_files& operator=(const shared_files&) = delete;

  ~shared_files() {
    remove_documents(folder_);
    remove_prefilled(folder_);
  }

private:
  std::string folder_;
};

std::vector<series> measure_all(const bench_setting& in,
                                const std::vector<planned>& plan) {
  shared_files beside{in.cfg.folder};
  return run_plan(in.cfg, in.opts, in.arrangements, without_repetitions(plan));
}

results about(const bench_setting& in) {
  results result;
  result.about = machine_facts(in.opts, in.cfg.folder);
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
      throw std::invalid_argument{"there is no workload called \"" + name
                                  + "\"; --help lists them"};
    result.push_back(*found);
  }
  return result;
}

results run_workloads(const bench_setting& in,
                      const std::vector<std::string>& names) {
  auto plan = plan_of(in.cfg, chosen(names, in.cfg.shape()), in.arrangements);
  auto result = about(in);
  result.all = measure_all(in, plan);
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
  auto targets = target_list(in.cfg);
  auto memory = measure_memory(in.sys, in.cfg, in.opts);
  result.all = measure_all(in, plan_of(targets));
  result.targets = judge_all(targets, result.all, memory);
  return result;
}

// -- everything -------------------------------------------------------------------

// Before hours have passed.
void require_folder_of(const std::string& path) {
  auto folder = fs::path{path}.parent_path();
  if (!folder.empty() && !fs::is_directory(folder))
    throw std::invalid_argument{"--results: there is no folder \""
                                + folder.string() + "\""};
}

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
std::vector<growth_axis> axes_for(const bench_config& cfg) {
  auto result = growth_axes(cfg, fs::space(cfg.folder).available);
  result.erase(std::remove_if(result.begin(), result.end(),
                              [](auto& x) { return x.places.size() < 2; }),
               result.end());
  return result;
}

results run_everything(const bench_setting& in) {
  require_folder_of(in.cfg.results);
  auto targets = target_list(in.cfg);
  auto loads = plan_of(in.cfg, all_workloads(), in.arrangements);
  auto axes = axes_for(in.cfg);
  std::vector<std::vector<planned>> growth;
  auto plan = plan_of(targets);
  append(plan, loads);
  for (auto& x : axes)
    append(plan, growth.emplace_back(plan_of(in.cfg, x, in.arrangements)));
  auto memory = measure_memory(in.sys, in.cfg, in.opts);
  auto measured = measure_all(in, plan);
  results_page page{in.cfg.command("results"), about(in), {}};
  page.found.all = renamed(loads, measured);
  page.found.targets = judge_all(targets, measured, memory);
  for (size_t i = 0; i < axes.size(); ++i)
    page.growth.push_back(section_of(axes[i], growth[i], measured));
  write_results_page(in.cfg.results, page);
  return std::move(page.found);
}

} // namespace

std::vector<std::pair<std::string, std::string>> command_names() {
  return {{"targets", "compares figures with what they ought to be"},
          {"results", "targets, all workloads, and how figures change with "
                      "size, as a page"}};
}

results run_command(const bench_setting& in,
                    const std::vector<std::string>& words) {
  for (auto& [name, _] : command_names()) {
    if (std::find(words.begin(), words.end(), name) == words.end())
      continue;
    if (words.size() > 1)
      throw std::invalid_argument{"the command " + name
                                  + " stands alone, without workloads"};
    if (!(in.cfg.shape() == load_shape{}))
      throw std::invalid_argument{"--sizes, --rate and --row-bytes are for "
                                  "workloads; what the command "
                                  + name + " measures is the same everywhere"};
  }
  if (words == std::vector<std::string>{"targets"})
    return run_targets(in);
  if (words == std::vector<std::string>{"results"})
    return run_everything(in);
  return run_workloads(in, words);
}

} // namespace onewriter::bench
