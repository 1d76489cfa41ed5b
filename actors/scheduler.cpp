#include "onewriter/scheduler.hpp"

#include <algorithm>
#include <thread>

namespace onewriter {

std::string scheduler_problem(const caf::actor_system_config& cfg) {
  if (caf::get_or(cfg, max_threads_key, size_t{1}) > 0)
    return {};
  return std::string{max_threads_key} + ": must be 1 or more";
}

void set_up_scheduler(caf::actor_system_config& cfg) {
  auto processors = std::thread::hardware_concurrency();
  cfg.set(max_threads_key, std::max<size_t>(processors, 2));
  compat::share_scheduler_queue(cfg);
}

} // namespace onewriter
