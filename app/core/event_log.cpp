#include "app/core/event_log.hpp"

#include "actors/console/format.hpp"

#include <algorithm>
#include <utility>

namespace onewriter::node {

namespace {

void keep(std::vector<std::string>& lines, std::string line, size_t most) {
  if (lines.size() == most)
    lines.erase(lines.begin());
  lines.push_back(std::move(line));
}

} // namespace

void event_log::add(log_level level, std::string_view line) {
  if (level == log_level::info)
    return;
  std::lock_guard<std::mutex> guard{mutex_};
  keep(lines_, printable(line), most_lines);
  auto is_error = level == log_level::error;
  if (mode_ == mode::print || (mode_ == mode::print_errors && is_error))
    log_to_stderr(level, line);
  else if (is_error)
    keep(errors_, std::string{line}, most_lines);
}

std::vector<std::string> event_log::last(size_t count) const {
  std::lock_guard<std::mutex> guard{mutex_};
  auto start = lines_.size() - std::min(count, lines_.size());
  return {lines_.begin() + static_cast<ptrdiff_t>(start), lines_.end()};
}

void event_log::become(enum mode what) {
  std::lock_guard<std::mutex> guard{mutex_};
  mode_ = what;
  if (mode_ == mode::keep)
    return;
  for (auto& line : std::exchange(errors_, {}))
    log_to_stderr(log_level::error, line);
}

log_sink sink_of(std::shared_ptr<event_log> log) {
  return [log = std::move(log)](log_level level, std::string_view line) {
    log->add(level, line);
  };
}

} // namespace onewriter::node
