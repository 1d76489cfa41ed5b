#include "bench/bench_config.hpp"

#include "actors/console/format.hpp"
#include "onewriter/scheduler.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <sstream>

namespace onewriter::bench {

namespace {

std::string trimmed(const std::string& x) {
  auto first = x.find_first_not_of(' ');
  return first == x.npos ? std::string{}
                         : x.substr(first, x.find_last_not_of(' ') - first + 1);
}

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> result;
  std::istringstream from{list};
  for (std::string item; std::getline(from, item, ',');)
    result.push_back(trimmed(item));
  return result;
}

// Empty where such a file can be made.
std::string problem_with_file(const char* option, const std::string& file) {
  std::error_code ignored;
  auto path = std::filesystem::path{file};
  if (std::filesystem::is_directory(path, ignored))
    return std::string{option} + ": \"" + file + "\" is a folder, not a file";
  auto folder = path.parent_path();
  if (!folder.empty() && !std::filesystem::is_directory(folder, ignored))
    return std::string{option} + ": there is no folder \"" + folder.string()
           + "\"";
  return {};
}

constexpr auto fixed_path = "set for each measurement";

/// The largest load that is measured of each kind.
constexpr size_t max_clients = 4'096;
constexpr size_t max_outstanding = 1'000;
constexpr size_t max_pending = 65'536;
constexpr uint64_t max_rate = 10'000'000;
constexpr uint64_t max_row_bytes = 1'000'000;

// `64x16`: clients, and writes of each on their way.
std::optional<std::pair<size_t, size_t>> read_size(const std::string& text) {
  std::istringstream from{text};
  size_t clients = 0;
  size_t outstanding = 0;
  char by = 0;
  auto is_complete
    = from >> clients >> by >> outstanding && by == 'x' && from.peek() == EOF;
  if (!is_complete || clients < 1 || clients > max_clients || outstanding < 1
      || outstanding > max_outstanding || clients * outstanding > max_pending)
    return std::nullopt;
  return std::pair{clients, outstanding};
}

std::string to_text(const std::vector<std::pair<size_t, size_t>>& sizes) {
  std::string result;
  for (auto [clients, outstanding] : sizes)
    result += (result.empty() ? "" : ",") + std::to_string(clients) + 'x'
              + std::to_string(outstanding);
  return result;
}

std::string number(double x) {
  std::ostringstream result;
  result << x;
  return result.str();
}

} // namespace

bench_config::bench_config() : sizes_{to_text(load_shape{}.sizes)} {
  // As the node does.
  set_up_scheduler(*this);
  database.thread = writer_thread::scheduled;
  database.quick_query_time = std::chrono::milliseconds{1};
  database.log = nullptr;
  database.path = fixed_path;
  opt_group{custom_options_, "global"}
    .add(seconds, "seconds,s", "length of each measurement; default 2")
    .add(rounds, "rounds,r",
         "repetitions, alternating between all backends; the median is "
         "reported; default 3")
    .add(folder, "folder,f",
         "where the files are made and removed; default: the current folder")
    .add(levels_, "levels,l",
         "levels of synchronous, separated by commas; default full,normal")
    .add(backends_, "only,o",
         "backends to measure, separated by commas; default: all that "
         "support the workload")
    .add(sizes_, "sizes",
         "for the workload writes: clients x writes in flight per client, "
         "separated by commas; default "
           + sizes_)
    .add(rate_, "rate",
         "for the workload arrivals: writes per second; default 20000")
    .add(row_bytes_, "row-bytes",
         "for every workload: bytes of text in a row; default 100")
    .add(seed, "seed", "seed of all random numbers; default 1")
    .add(json, "json,j", "print one JSON object instead of tables")
    .add(results, "results",
         "the file that the command results writes; "
         "default bench/RESULTS.md")
    .add(max_database_gb, "max-database-gb",
         "size of the largest file that is filled before a run; default 1");
}

std::string bench_config::problem() const {
  if (auto problem = scheduler_problem(*this); !problem.empty())
    return problem;
  if (database.path != fixed_path)
    return "--onewriter.path: every measurement has a file of its own, in a "
           "folder of its own; see --folder";
  if (auto opts = database_options();
      opts && opts->synchronous != synchronous::full)
    return "--onewriter.synchronous: see --levels";
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
  auto sizes = split(sizes_);
  if (sizes.empty())
    return "--sizes: says nothing; 64x16 are 64 clients with 16 writes each";
  for (auto& size : sizes)
    if (!read_size(size))
      return "--sizes: \"" + size
             + "\" is not a size such as 64x16, with at most 4096 clients, "
               "1000 "
               "writes of each on their way, and 65536 of all";
  if (rate_ < 1 || rate_ > max_rate)
    return "--rate: must be 1 to 10000000 writes per second";
  if (row_bytes_ < 1 || row_bytes_ > max_row_bytes)
    return "--row-bytes: must be 1 to 1000000";
  return {};
}

std::string bench_config::problem_with_results() const {
  return problem_with_file("--results", results);
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

load_shape bench_config::shape() const {
  load_shape result;
  result.sizes.clear();
  for (auto& size : split(sizes_))
    if (auto found = read_size(size))
      result.sizes.push_back(*found);
  result.arrivals_per_second = rate_;
  result.payload_bytes = row_bytes_;
  return result;
}

std::vector<std::string> bench_config::wanted() const {
  return split(backends_);
}

bool bench_config::wants(const std::string& backend) const {
  auto all = split(backends_);
  return all.empty() || std::find(all.begin(), all.end(), backend) != all.end();
}

std::string bench_config::rounds_text() const {
  return format_count(rounds, "round") + " of " + number(seconds) + " s, seed "
         + std::to_string(seed);
}

std::string bench_config::command(const std::string& word) const {
  auto result = "onewriter-bench " + word + " --seconds=" + number(seconds)
                + " --rounds=" + std::to_string(rounds) + " --levels=" + levels_
                + " --seed=" + std::to_string(seed) + " --max-database-gb="
                + number(max_database_gb) + " --folder=" + shell_quoted(folder)
                + " --results=" + shell_quoted(results);
  if (!backends_.empty())
    result += " --only=" + shell_quoted(backends_);
  for (auto& x : passed_on)
    result += ' ' + shell_quoted(x);
  auto plots = std::filesystem::path{results}.parent_path();
  return result + " --json | bench/plot.py --folder="
         + shell_quoted(plots.empty() ? "." : plots.string());
}

} // namespace onewriter::bench
