#include "onewriter/options.hpp"

#include <array>

namespace onewriter {

namespace {

constexpr std::array<std::string_view, 2> synchronous_names{"full", "normal"};

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

struct rule {
  bool broken;
  const char* sentence;
};

} // namespace

std::string to_string(synchronous x) {
  return std::string{synchronous_names[x == synchronous::full ? 0 : 1]};
}

bool from_string(std::string_view str, synchronous& x) {
  if (str != synchronous_names[0] && str != synchronous_names[1])
    return false;
  x = str == synchronous_names[0] ? synchronous::full : synchronous::normal;
  return true;
}

uint32_t effective_checkpoint_pages(const options& x) {
  if (x.checkpoint_pages > 0)
    return x.checkpoint_pages;
  return x.synchronous == synchronous::full ? 250 : 1'000;
}

std::string first_problem(const options& x) {
  auto zero = nanoseconds{0};
  const rule rules[] = {
    {x.path.empty(), "path: no file was named"},
    {x.path.find('\0') != std::string::npos, "path: contains a NUL byte"},
    {x.readers < 1 || x.readers > 64, "readers: must be 1 to 64"},
    {x.quick_query_time < zero, "quick-query-time: must not be negative"},
    {x.max_cursors > 64, "max-cursors: must be 0 to 64"},
    {x.max_value_bytes < 1 || x.max_value_bytes > 1'000'000'000,
     "max-value-bytes: must be 1 to 1,000,000,000, which is SQLite's limit"},
    {x.max_result_rows < 1, "max-result-rows: must be at least 1"},
    {x.max_result_bytes < 1, "max-result-bytes: must be at least 1"},
    {x.query_deadline <= zero, "query-deadline: must be longer than zero"},
    {x.write_run_limit <= zero, "write-run-limit: must be longer than zero"},
    {x.cursor_idle_limit <= zero,
     "cursor-idle-limit: must be longer than zero"},
    {x.cursor_limit <= zero, "cursor-limit: must be longer than zero"},
    {x.busy_timeout < zero || x.busy_timeout > milliseconds{50},
     "busy-timeout: must be 0 to 50 ms, because it blocks the writer"},
    {x.queue.max_items < 1, "max-items: must be at least 1"},
    {x.queue.max_bytes < 1, "max-bytes: must be at least 1"},
    {x.queue.best_effort_items < 1, "best-effort-items: must be at least 1"},
    {x.queue.best_effort_bytes < 1, "best-effort-bytes: must be at least 1"},
    {x.queue.turn_items < 1, "turn-items: must be at least 1"},
    {x.queue.turn_bytes < 1, "turn-bytes: must be at least 1"},
    {x.queue.turn_time <= zero, "turn-time: must be longer than zero"},
    {x.queue.overload_target < zero, "overload-target: must not be negative"},
    {x.queue.overload_interval <= zero,
     "overload-interval: must be longer than zero"},
    {x.alerts.check_interval < milliseconds{1},
     "alert-interval: must be at least 1 ms"},
    {x.max_attempts < 1, "max-attempts: must be at least 1"},
    {x.chunk_time <= zero, "chunk-time: must be longer than zero"},
    {x.index_jobs < 1 || x.index_jobs > 64, "index-jobs: must be 1 to 64"},
    {x.statement_cache < 1, "statement-cache: must be at least 1"},
    {x.cache_bytes < 4'096, "cache-bytes: must be at least 4,096"},
  };
  for (auto& rule : rules)
    if (rule.broken)
      return rule.sentence;
  return {};
}

} // namespace onewriter
