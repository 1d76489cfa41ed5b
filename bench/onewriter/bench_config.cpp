#include "bench/onewriter/bench_config.hpp"

#include "onewriter/failure.hpp"
#include "onewriter/scheduler.hpp"

#include <stdexcept>
#include <utility>

namespace onewriter::bench {

namespace {

constexpr auto fixed_path = "set for each measurement";

[[noreturn]] void refuse(const std::string& problem) {
  throw std::invalid_argument{problem};
}

} // namespace

bench_config::bench_config(system_setup how) {
  if (how == system_setup::node)
    set_up_scheduler(*this);
  database.log = nullptr;
  database.path = fixed_path;
}

options bench_config::read(std::vector<std::string> words) {
  if (auto err = parse(std::move(words)); err != caf::none)
    refuse("CAF cannot parse its options, those of the database, or the "
           "configuration file: "
           + to_string(err));
  if (database.path != fixed_path)
    refuse("--onewriter.path: every measurement has a file of its own, in a "
           "folder of its own; see --folder");
  auto opts = database_options();
  if (!opts)
    refuse(onewriter::describe(opts.error()));
  if (opts->synchronous != synchronous::full)
    refuse("--onewriter.synchronous: see --levels");
  if (auto problem = scheduler_problem(*this); !problem.empty())
    refuse(problem);
  return *opts;
}

} // namespace onewriter::bench
