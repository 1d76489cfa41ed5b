#include "bench/options/bench_options.hpp"

#include "actors/console/format.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>

namespace onewriter::bench {

namespace {

std::string number(double x) {
  std::ostringstream result;
  result << x;
  return result.str();
}

std::string separated(const std::vector<std::string>& xs) {
  std::string result;
  for (auto& x : xs)
    result += (result.empty() ? "" : ",") + x;
  return result;
}

std::string text_of(const std::vector<enum synchronous>& levels) {
  std::vector<std::string> result;
  for (auto x : levels)
    result.push_back(to_string(x));
  return separated(result);
}

} // namespace

std::chrono::nanoseconds bench_options::length() const {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
    std::chrono::duration<double>{seconds});
}

bool bench_options::wants(const std::string& backend) const {
  return backends.empty()
         || std::find(backends.begin(), backends.end(), backend)
              != backends.end();
}

std::string bench_options::rounds_text() const {
  return format_count(rounds, "round") + " of " + number(seconds) + " s, seed "
         + std::to_string(seed);
}

std::string bench_options::results_command() const {
  auto result = "onewriter-bench results --seconds=" + number(seconds)
                + " --rounds=" + std::to_string(rounds) + " --levels="
                + text_of(levels) + " --seed=" + std::to_string(seed)
                + " --max-database-gb=" + number(max_database_gb) + " --folder="
                + shell_quoted(folder) + " --results=" + shell_quoted(results);
  if (!backends.empty())
    result += " --only=" + shell_quoted(separated(backends));
  for (auto& x : passed_on)
    result += ' ' + shell_quoted(x);
  auto plots = std::filesystem::path{results}.parent_path();
  return result + " --json | bench/plot.py --folder="
         + shell_quoted(plots.empty() ? "." : plots.string());
}

} // namespace onewriter::bench
