#include "bench/options/bench_config.hpp"

#include "onewriter/scheduler.hpp"

#include <chrono>
#include <utility>

namespace onewriter::bench {

namespace {

constexpr auto fixed_path = "set for each measurement";

} // namespace

bench_config::bench_config() {
  // As the node does.
  set_up_scheduler(*this);
  database.thread = writer_thread::scheduled;
  database.quick_query_time = std::chrono::milliseconds{1};
  database.log = nullptr;
  database.path = fixed_path;
}

std::string bench_config::read(std::vector<std::string> words) {
  if (auto err = parse(std::move(words)); err != caf::none)
    return "CAF cannot parse its options, those of the database, or the "
           "configuration file: "
           + to_string(err);
  if (database.path != fixed_path)
    return "--onewriter.path: every measurement has a file of its own, in a "
           "folder of its own; see --folder";
  if (auto opts = database_options();
      opts && opts->synchronous != synchronous::full)
    return "--onewriter.synchronous: see --levels";
  return scheduler_problem(*this);
}

} // namespace onewriter::bench
