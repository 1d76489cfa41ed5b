#include "bench/baselines/redis.hpp"

namespace onewriter::bench {

std::vector<arrangement> redis_if_installed() {
  return {};
}

} // namespace onewriter::bench
