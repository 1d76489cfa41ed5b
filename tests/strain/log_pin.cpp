#include "tests/strain/log_pin.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

namespace onewriter::test {

namespace fs = std::filesystem;

log_pin::log_pin(const std::string& path) : db_{path} {
  db_.keep_log();
  db_.outcome("BEGIN; SELECT count(*) FROM sqlite_master");
}

namespace {

std::optional<std::string> content_of(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in)
    return std::nullopt;
  return std::string{std::istreambuf_iterator<char>{in}, {}};
}

} // namespace

open_cursor pinning_cursor() {
  open_cursor result;
  result.what
    = query{"WITH RECURSIVE line(n) AS (SELECT count(*) FROM sqlite_master "
            "UNION ALL SELECT n + 1 FROM line) SELECT n FROM line"};
  result.what.max_rows = 1;
  result.what.deadline = std::chrono::minutes{10};
  result.idle_limit = std::chrono::minutes{10};
  return result;
}

// The log first: what a checkpoint copies later is in the log as well. Where
// the log has changed by then, what was copied may be of two commits.
void copy_as_if_killed(const std::string& from, const std::string& to) {
  auto log = content_of(from + "-wal");
  for (;;) {
    fs::copy_file(from, to, fs::copy_options::overwrite_existing);
    auto now = content_of(from + "-wal");
    if (now == log)
      break;
    log = std::move(now);
  }
  fs::remove(to + "-wal");
  if (log)
    std::ofstream{to + "-wal", std::ios::binary} << *log;
}

} // namespace onewriter::test
