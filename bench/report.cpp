#include "bench/report.hpp"

#include "messages/compat.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <thread>

namespace onewriter::bench {

namespace {

std::string processor() {
  std::ifstream info{"/proc/cpuinfo"};
  std::string line;
  while (std::getline(info, line))
    if (line.compare(0, 10, "model name") == 0)
      return line.substr(line.find(':') + 2);
  return "unknown";
}

long long microseconds(std::chrono::nanoseconds x) {
  return std::chrono::duration_cast<std::chrono::microseconds>(x).count();
}

} // namespace

result_line median_line(std::string name, std::vector<measurement> results) {
  std::sort(results.begin(), results.end(), [](auto& x, auto& y) {
    return x.rows_per_second() < y.rows_per_second();
  });
  return {std::move(name), results[results.size() / 2],
          results.front().rows_per_second(), results.back().rows_per_second()};
}

void print_machine() {
  std::printf("%s, %u cores; SQLite %s, CAF %d.%d.%d, compiler %s\n",
              processor().c_str(), std::thread::hardware_concurrency(),
              sqlite3_libversion(), CAF_MAJOR_VERSION, CAF_MINOR_VERSION,
              CAF_PATCH_VERSION, __VERSION__);
}

void print_table(enum synchronous level,
                 const std::vector<result_line>& lines) {
  auto limit = 0.0;
  for (auto& x : lines)
    if (x.name == "raw 1000")
      limit = x.median.rows_per_second();
  std::printf("\nsynchronous=%s\n%-9s %12s %12s %12s %10s %8s %8s %9s\n",
              to_string(level).c_str(), "case", "rows/s", "slowest", "fastest",
              "rows/commit", "p50_us", "p99_us", "of raw1000");
  for (auto& x : lines)
    std::printf(
      "%-9s %12.0f %12.0f %12.0f %11.1f %8lld %8lld %10.3f\n", x.name.c_str(),
      x.median.rows_per_second(), x.slowest, x.fastest,
      static_cast<double>(x.median.rows)
        / static_cast<double>(std::max<uint64_t>(x.median.commits, 1)),
      microseconds(x.median.p50), microseconds(x.median.p99),
      x.median.rows_per_second() / limit);
  std::fflush(stdout);
}

} // namespace onewriter::bench
