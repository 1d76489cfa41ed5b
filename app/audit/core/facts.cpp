#include "app/audit/core/facts.hpp"

#include <algorithm>

namespace onewriter::node {

namespace {

bool covers(const kernel_lock& x, uint64_t byte) {
  return x.first <= byte && byte <= x.last;
}

// A reader with the first mark reads the file alone, so nothing may be copied.
uint64_t frame_of(const index_facts& index, size_t mark) {
  return mark == 0 ? index.copied : index.read_marks[mark];
}

} // namespace

std::optional<int64_t> owner_of(const audit_facts& x) {
  for (auto& lock : x.locks)
    if (lock.part == file_part::owner && lock.exclusive && !lock.waiting)
      return lock.process;
  return std::nullopt;
}

const open_process* process_of(const audit_facts& x, int64_t id) {
  for (auto& process : x.processes.open)
    if (process.id == id)
      return &process;
  return nullptr;
}

bool is_used(const audit_facts& x, file_part part) {
  auto& open = x.processes.open;
  auto& locks = x.locks;
  return std::any_of(open.begin(), open.end(),
                     [=](const open_process& process) {
                       return process.handles[part].total() > 0;
                     })
         || std::any_of(locks.begin(), locks.end(), [=](const file_lock& lock) {
              return lock.part == part;
            });
}

bool is_in_use(const audit_facts& x) {
  return is_used(x, file_part::file) || is_used(x, file_part::log)
         || is_used(x, file_part::index);
}

std::vector<int64_t> unseen_lock_holders(const audit_facts& x) {
  std::vector<int64_t> result;
  for (auto& lock : x.locks)
    if (lock.process >= 0 && process_of(x, lock.process) == nullptr
        && std::find(result.begin(), result.end(), lock.process)
             == result.end())
      result.push_back(lock.process);
  return result;
}

std::vector<log_pin> pins_of(const audit_facts& x) {
  std::vector<log_pin> result;
  if (!x.log.index)
    return result;
  for (auto& lock : x.locks) {
    // An exclusive lock is held by a process that sets the mark.
    if (lock.part != file_part::index || lock.exclusive || lock.waiting)
      continue;
    for (size_t mark = 0; mark < read_mark_count; ++mark)
      if (covers(lock, first_read_lock + mark))
        result.push_back({lock.process, mark, frame_of(*x.log.index, mark)});
  }
  std::stable_sort(
    result.begin(), result.end(),
    [](const log_pin& a, const log_pin& b) { return a.frame < b.frame; });
  return result;
}

uint64_t frames_of(const audit_facts& x) {
  return x.log.index ? x.log.index->frames : x.log.committed;
}

} // namespace onewriter::node
