#pragma once

#include <chrono>
#include <cstdint>

namespace onewriter {

/// Returns the milliseconds since 1970, for values that are stored or shown to
/// people. Measurements use `steady_clock`.
inline int64_t unix_ms_now() {
  using namespace std::chrono;
  auto now = system_clock::now().time_since_epoch();
  return duration_cast<milliseconds>(now).count();
}

} // namespace onewriter
