#include "tests/crash/process/run_record.hpp"

#include <algorithm>
#include <sstream>

#include <limits.h>
#include <unistd.h>

namespace onewriter::test {

void run_record::take(const std::string& event) {
  std::istringstream words{event};
  std::string what;
  words >> what;
  if (what == "opened")
    opened = true;
  else if (what == "receipts") {
    // The clients' threads may overtake each other.
    uint64_t count = 0;
    words >> count;
    receipts = std::max(receipts, count);
  } else if (what == "resent") {
    uint64_t count = 0;
    words >> count;
    resent += count;
  } else if (what == "burdens") {
    uint64_t count = 0;
    words >> count;
    burdens = std::max(burdens, count);
  } else if (what == "pinned")
    pinned = true;
  else if (what == "checkpoint")
    ++checkpoints;
  else if (what == "indexing")
    ++jobs;
  else if (what == "indexed")
    ++jobs_done;
  else if (what == "whole")
    ++documents_whole;
  else if (what == "kept")
    ++documents_kept;
  else if (what == "stopping")
    stopping = true;
  else if (what == "stopped") {
    stopped = true;
    words >> drained >> refused;
  } else
    troubles.push_back(event);
}

void announcer::say(const std::string& event) const {
  auto line = event.substr(0, PIPE_BUF - 1);
  // Lines have to stay lines.
  std::replace(line.begin(), line.end(), '\n', ' ');
  line += '\n';
  if (::write(descriptor_, line.data(), line.size())
      != static_cast<ssize_t>(line.size()))
    ::_exit(1);
}

} // namespace onewriter::test
