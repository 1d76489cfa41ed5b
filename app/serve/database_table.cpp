#include "app/serve/database_table.hpp"

#include "actors/console/format.hpp"
#include "onewriter/failure.hpp"

#include <algorithm>
#include <utility>

namespace onewriter::node {

void database_table::add(const std::string& name) {
  entries_[name] = {};
}

void database_table::opened(const std::string& name, caf::actor keeper,
                            database_actor database) {
  entries_[name] = {state::open, std::move(keeper), std::move(database), {}};
}

void database_table::down(const std::string& name, caf::error reason) {
  entries_[name] = {state::down, {}, {}, std::move(reason)};
}

void database_table::lost(const std::string& name, caf::error reason) {
  entries_[name] = {state::lost, {}, {}, std::move(reason)};
}

std::vector<std::string> database_table::forgive() {
  std::vector<std::string> result;
  for (auto& [name, x] : entries_)
    if (x.state == state::lost) {
      x = {};
      result.push_back(name);
    }
  return result;
}

bool database_table::all_are(enum state what) const {
  return std::all_of(entries_.begin(), entries_.end(),
                     [&](auto& x) { return x.second.state == what; });
}

std::string database_table::status() const {
  auto open = std::count_if(entries_.begin(), entries_.end(), [](auto& x) {
    return x.second.state == state::open;
  });
  auto all = format_count(entries_.size(), "database");
  if (static_cast<size_t>(open) == entries_.size())
    return "serving " + all;
  return "serving " + std::to_string(open) + " of " + all
         + names_of(state::opening) + names_of(state::down)
         + names_of(state::lost);
}

std::string database_table::names_of(enum state what) const {
  std::string result;
  for (auto& [name, x] : entries_) {
    if (x.state != what)
      continue;
    result += result.empty() ? "" : ", ";
    result += name;
    if (x.reason != caf::none)
      result += " (" + to_string(code_of(x.reason)) + ')';
  }
  if (result.empty())
    return result;
  auto title = what == state::opening ? "opening"
               : what == state::down  ? "down"
                                      : "lost";
  return std::string{"; "} + title + ": " + result;
}

} // namespace onewriter::node
