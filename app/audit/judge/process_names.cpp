#include "app/audit/judge/process_names.hpp"

#include "actors/console/format.hpp"

#include <algorithm>
#include <string_view>

namespace onewriter::node {

namespace {

constexpr size_t most_names = 4;

// The program's own name: its folder is seldom what tells it from others.
std::string program_of(const std::string& command) {
  auto word = command.substr(0, command.find(' '));
  return printable(word.substr(word.rfind('/') + 1));
}

} // namespace

std::string name_of_process(const audit_facts& x, int64_t id) {
  if (id < 0)
    return "an unknown process";
  auto result = "process " + std::to_string(id);
  auto process = process_of(x, id);
  auto program = process == nullptr ? "" : program_of(process->command);
  return program.empty() ? result : result + " (" + program + ')';
}

std::string names_of_processes(const audit_facts& x,
                               const std::vector<int64_t>& ids) {
  auto shown = ids.size() <= most_names ? ids.size() : most_names - 1;
  std::string result;
  for (size_t i = 0; i < shown; ++i) {
    auto is_last = i + 1 == ids.size();
    result += i == 0 ? "" : is_last ? " and " : ", ";
    result += name_of_process(x, ids[i]);
  }
  if (shown < ids.size())
    result += " and " + with_separators(ids.size() - shown) + " more";
  return result;
}

std::vector<int64_t> writers_beside(const audit_facts& x,
                                    std::optional<int64_t> owner) {
  std::vector<int64_t> result;
  for (auto& process : x.processes.open)
    if (process.handles[file_part::file].writing > 0 && process.id != owner)
      result.push_back(process.id);
  return result;
}

} // namespace onewriter::node
