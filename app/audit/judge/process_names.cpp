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

// Readers, too, hold an exclusive lock while they set a read mark.
bool is_for_writing(const file_lock& x) {
  constexpr uint64_t write_lock = 120;
  constexpr uint64_t checkpoint_lock = 121;
  auto is_index = x.part == file_part::index;
  return x.exclusive && !x.waiting
         && (x.part == file_part::file
             || (is_index && x.first <= checkpoint_lock
                 && x.last >= write_lock));
}

bool holds_writing_lock(const audit_facts& x, int64_t id) {
  return std::any_of(x.locks.begin(), x.locks.end(), [=](const file_lock& y) {
    return y.process == id && is_for_writing(y);
  });
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
  for (auto id : unseen_lock_holders(x))
    if (id != owner && holds_writing_lock(x, id))
      result.push_back(id);
  return result;
}

} // namespace onewriter::node
