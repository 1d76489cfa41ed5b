#include "app/demo/display/progress_text.hpp"

#include "actors/console/format.hpp"

#include <algorithm>

namespace onewriter::node {

namespace {

double to_ms(std::chrono::nanoseconds x) {
  return static_cast<double>(x.count()) / 1e6;
}

std::string task_text(const scores& x) {
  auto result = x.task;
  if (x.task_total > 0)
    result += ", " + with_separators(x.task_done) + " of "
              + with_separators(x.task_total);
  return result;
}

} // namespace

std::string progress_line(const snapshot& what) {
  auto& told = what.told;
  auto time = clock_text(what.elapsed);
  auto result = std::string(5 - std::min<size_t>(5, time.size()), ' ') + time;
  if (!told.task.empty())
    return result + "  " + task_text(told);
  auto stored = told.store.finished
                  ? 1
                  : share_of(told.store.bytes, told.store.total_bytes);
  if (told.store.files > 0)
    result += "  stored " + format_percent(stored) + "  indexed "
              + with_separators(told.index.texts);
  else
    result += "  peers only";
  auto rate = what.rates[static_cast<size_t>(activity::connect)];
  result += "  connects " + format_rate(rate) + "/s";
  auto& connect
    = told.busy_connect.count > 0 ? told.busy_connect : told.quiet_connect;
  if (connect.count > 0)
    result += " p99 " + format_rate(to_ms(connect.p99)) + " ms";
  auto restarts = what.database.writer_restarts;
  return restarts == 0 ? result
                       : result + "  restarts " + with_separators(restarts);
}

std::string stage_text(const snapshot& what) {
  if (!what.told.task.empty())
    return task_text(what.told);
  if (what.stopping)
    return "stopping";
  switch (what.told.stage) {
    case stage::quiet:
      return "peers only, indexing off";
    case stage::busy:
      return "storing and indexing";
    case stage::stopping:
      return "stopping";
    default:
      return what.told.index.finished ? "everything is stored and indexed"
                                      : "peers are connecting";
  }
}

std::string clock_text(std::chrono::nanoseconds x) {
  auto seconds = std::chrono::duration_cast<std::chrono::seconds>(x).count();
  auto rest = std::to_string(seconds % 60);
  return std::to_string(seconds / 60) + (rest.size() < 2 ? ":0" : ":") + rest;
}

double share_of(uint64_t part, uint64_t all) {
  return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

} // namespace onewriter::node
