#pragma once

#include <chrono>
#include <cstdint>

namespace onewriter {

/// Returns the milliseconds since 1970, for what is stored or shown to people.
/// Everything that measures uses `steady_clock`.
inline int64_t unix_ms_now() {
  using namespace std::chrono;
  auto now = system_clock::now().time_since_epoch();
  return duration_cast<milliseconds>(now).count();
}

} // namespace onewriter
