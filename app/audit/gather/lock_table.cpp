#include "app/audit/gather/lock_table.hpp"

#include <limits>
#include <sstream>

namespace onewriter::node {

namespace {

struct named_bytes {
  file_part part;
  uint64_t first;
  uint64_t last;
  const char* name;
};

constexpr uint64_t pending_byte = 0x40000000;

constexpr named_bytes named_ranges[] = {
  {file_part::file, pending_byte, pending_byte, "PENDING"},
  {file_part::file, pending_byte + 1, pending_byte + 1, "RESERVED"},
  {file_part::file, pending_byte + 2, pending_byte + 511, "SHARED"},
  {file_part::index, 120, 120, "WRITE"},
  {file_part::index, 121, 121, "CHECKPOINT"},
  {file_part::index, 122, 122, "RECOVER"},
  {file_part::index, 123, 123, "READ 0"},
  {file_part::index, 124, 124, "READ 1"},
  {file_part::index, 125, 125, "READ 2"},
  {file_part::index, 126, 126, "READ 3"},
  {file_part::index, 127, 127, "READ 4"},
  // The "dead man switch": a process that gets it alone finds out that no other
  // process uses the index.
  {file_part::index, 128, 128, "IN USE"},
};

// "fe:00:1234": the device in hexadecimal, the file's number in decimal.
bool parse_file(const std::string& word, sqlite::file_identity& to) {
  std::istringstream in{word};
  uint64_t major = 0;
  uint64_t minor = 0;
  char colons[2] = {};
  in >> std::hex >> major >> colons[0] >> minor >> colons[1] >> std::dec
    >> to.node;
  to.device = (major << 32) + minor;
  return !in.fail() && colons[0] == ':' && colons[1] == ':';
}

bool parse_end(const std::string& word, uint64_t& to) {
  if (word == "EOF") {
    to = std::numeric_limits<uint64_t>::max();
    return true;
  }
  std::istringstream in{word};
  return static_cast<bool>(in >> to);
}

// "3: POSIX  ADVISORY  WRITE 123 fe:00:1234 0 EOF"; "3: -> POSIX ..." waits.
bool parse_lock(const std::string& line, kernel_lock& to) {
  std::istringstream in{line};
  std::string number;
  std::string kind;
  std::string binding;
  std::string mode;
  std::string file;
  std::string last;
  in >> number >> kind;
  to.waiting = kind == "->";
  if (to.waiting)
    in >> kind;
  in >> binding >> mode >> to.process >> file >> to.first >> last;
  to.kind = kind == "POSIX"   ? lock_kind::posix
            : kind == "FLOCK" ? lock_kind::flock
                              : lock_kind::other;
  to.exclusive = mode == "WRITE";
  return !in.fail() && parse_file(file, to.file) && parse_end(last, to.last);
}

bool has_open(const std::vector<open_process>& processes, int64_t id,
              file_part part) {
  for (auto& x : processes)
    if (x.id == id)
      return x.handles[part].total() > 0;
  return false;
}

} // namespace

std::vector<kernel_lock> parse_locks(std::string_view text) {
  std::vector<kernel_lock> result;
  std::istringstream lines{std::string{text}};
  for (std::string line; std::getline(lines, line);) {
    kernel_lock lock;
    if (parse_lock(line, lock))
      result.push_back(lock);
  }
  return result;
}

std::vector<file_lock>
locks_of_database(const std::vector<kernel_lock>& locks,
                  const per_part<part_state>& parts,
                  const std::vector<open_process>& processes) {
  std::vector<file_lock> result;
  for (auto& lock : locks)
    for_each_part([&](file_part part) {
      auto& identity = parts[part].identity;
      if (identity && lock.file.node == identity->node
          && (lock.file.device == identity->device
              || has_open(processes, lock.process, part)))
        result.push_back({lock, part});
    });
  return result;
}

std::string meaning_of(const file_lock& x) {
  if (x.part == file_part::owner)
    return "owner";
  std::string result;
  if (x.kind != lock_kind::flock)
    for (auto& range : named_ranges)
      if (range.part == x.part && x.first <= range.last
          && range.first <= x.last)
        result += (result.empty() ? "" : ", ") + std::string{range.name};
  if (!result.empty())
    return result;
  auto to_end = x.last == std::numeric_limits<uint64_t>::max();
  return "bytes " + std::to_string(x.first)
         + (to_end ? " to the end" : " to " + std::to_string(x.last));
}

} // namespace onewriter::node
