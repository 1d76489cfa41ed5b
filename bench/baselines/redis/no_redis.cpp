#include "bench/baselines/redis/redis.hpp"

namespace onewriter::bench {

std::vector<backend> redis_if_installed() {
  return {};
}

} // namespace onewriter::bench
