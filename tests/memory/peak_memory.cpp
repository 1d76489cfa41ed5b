#include "tests/memory/peak_memory.hpp"

#include <malloc.h>

#include <fstream>
#include <stdexcept>
#include <string>

namespace onewriter::test {

namespace {

// "VmHWM:     1234 kB" is the most that was resident since the last reset.
int64_t high_water_bytes() {
  std::ifstream status{"/proc/self/status"};
  for (std::string line; std::getline(status, line);)
    if (line.rfind("VmHWM:", 0) == 0)
      return std::stoll(line.substr(6)) * 1024;
  throw std::runtime_error("/proc/self/status has no VmHWM");
}

// See proc(5): 5 sets the high-water mark to what is resident now.
void reset_high_water() {
  std::ofstream file{"/proc/self/clear_refs"};
  file << 5 << std::flush;
  if (!file)
    throw std::runtime_error("/proc/self/clear_refs cannot be written");
}

} // namespace

peak_memory::peak_memory() {
  ::malloc_trim(0);
  reset_high_water();
  start_bytes_ = high_water_bytes();
}

int64_t peak_memory::growth_mb() const {
  return (high_water_bytes() - start_bytes_) / 1'000'000;
}

} // namespace onewriter::test
