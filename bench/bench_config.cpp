#include "bench/bench_config.hpp"

#include "actors/console/format.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>

namespace onewriter::bench {

namespace {

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> result;
  std::istringstream from{list};
  for (std::string item; std::getline(from, item, ',');)
    result.push_back(item);
  return result;
}

std::string number(double x) {
  std::ostringstream result;
  result << x;
  return result.str();
}

} // namespace

bench_config::bench_config() {
  // As the node does.
  compat::set_up_scheduler(*this);
  database.thread = writer_thread::scheduled;
  database.quick_query_time = std::chrono::milliseconds{1};
  database.log = nullptr;
  database.path = "set for each measurement";
  opt_group{custom_options_, "global"}
    .add(seconds, "seconds,s", "length of each measurement; default 2")
    .add(rounds, "rounds,r",
         "repetitions, alternating between all arrangements; the median "
         "counts; default 3")
    .add(folder, "folder,f",
         "where the files are made and removed; default: the current folder")
    .add(levels_, "levels,l",
         "levels of synchronous, separated by commas; default full,normal")
    .add(arrangements_, "only,o",
         "arrangements to measure, separated by commas; default: all that "
         "suit")
    .add(seed, "seed", "what everything is drawn from; default 1")
    .add(json, "json,j", "print one JSON object instead of tables")
    .add(report, "report", "write a page with plots to this file as well")
    .add(results, "results",
         "the file that the command results writes, with its plots beside it; "
         "default bench/RESULTS.md")
    .add(max_database_gb, "max-database-gb",
         "size of the largest file that is filled before a run; default 1");
}

std::string bench_config::problem() const {
  if (!(seconds > 0) || seconds > 3600)
    return "--seconds: must be more than 0 and at most 3600";
  if (rounds < 1 || rounds > 1'000)
    return "--rounds: must be 1 to 1000";
  if (!std::filesystem::is_directory(folder))
    return "--folder: there is no folder \"" + folder + "\"";
  if (!(max_database_gb >= 0))
    return "--max-database-gb: must be 0 or more";
  for (auto& level : split(levels_)) {
    enum synchronous x;
    if (!from_string(level, x))
      return "--levels: \"" + level + "\" is neither full nor normal";
  }
  return {};
}

std::chrono::nanoseconds bench_config::length() const {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
    std::chrono::duration<double>{seconds});
}

std::vector<enum synchronous> bench_config::levels() const {
  std::vector<enum synchronous> result;
  for (auto& level : split(levels_))
    from_string(level, result.emplace_back());
  return result;
}

bool bench_config::wants(const std::string& arrangement) const {
  auto all = split(arrangements_);
  return all.empty()
         || std::find(all.begin(), all.end(), arrangement) != all.end();
}

std::string bench_config::command(const std::string& word) const {
  auto result = "onewriter-bench " + word + " --seconds=" + number(seconds)
                + " --rounds=" + std::to_string(rounds) + " --levels=" + levels_
                + " --seed=" + std::to_string(seed) + " --max-database-gb="
                + number(max_database_gb) + " --folder=" + shell_quoted(folder)
                + " --results=" + shell_quoted(results);
  return arrangements_.empty() ? result : result + " --only=" + arrangements_;
}

} // namespace onewriter::bench
