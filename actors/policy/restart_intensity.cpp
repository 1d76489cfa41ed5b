#include "actors/policy/restart_intensity.hpp"

namespace onewriter {

restart_intensity::restart_intensity(const restart_intensity_options& options)
  : options_{options} {
  // nop
}

bool restart_intensity::allow(time_point now) {
  while (!restarts_.empty() && now - restarts_.front() >= options_.period)
    restarts_.pop_front();
  if (restarts_.size() >= options_.max_restarts)
    return false;
  restarts_.push_back(now);
  return true;
}

} // namespace onewriter
