#include "app/event_log.hpp"

#include "app/format.hpp"

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
  auto silent = mode_ == mode::keep
                || (mode_ == mode::print_errors && level != log_level::error);
  if (!silent)
    log_to_stderr(level, line);
  else if (level == log_level::error)
    keep(errors_, std::string{line}, most_lines);
}

std::vector<std::string> event_log::last(size_t count) const {
  std::lock_guard<std::mutex> guard{mutex_};
  auto start = lines_.size() - std::min(count, lines_.size());
  return {lines_.begin() + static_cast<ptrdiff_t>(start), lines_.end()};
}

void event_log::release() {
  std::lock_guard<std::mutex> guard{mutex_};
  if (mode_ == mode::keep)
    mode_ = mode::print_errors;
  for (auto& line : std::exchange(errors_, {}))
    log_to_stderr(log_level::error, line);
}

log_sink sink_of(std::shared_ptr<event_log> log) {
  return [log = std::move(log)](log_level level, std::string_view line) {
    log->add(level, line);
  };
}

} // namespace onewriter::node
