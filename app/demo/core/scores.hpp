#pragma once

#include "onewriter/ec.hpp"
#include "onewriter/statistics.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace onewriter::node {

/// What the actors of the node do with the database.
enum class activity : uint8_t {
  /// A peer connects: a write that waits for its receipt.
  connect,
  /// A peer sends an update: best effort, coalesced by peer.
  update_peer,
  /// A peer's domain changes: a write in the background.
  update_domain,
  /// A peer reads the row of its latest receipt.
  look_up,
  /// A reader searches for a word.
  search,
  /// A reader lists the peers.
  list_peers,
  /// A group of blocks is stored.
  put_blocks,
  /// A text is put into the full-text index.
  index_text,
};

inline constexpr size_t activity_count
  = static_cast<size_t>(activity::index_text) + 1;

/// For people.
std::string to_string(activity x);

/// The stages of a run.
enum class stage : uint8_t {
  /// Connects are not measured: the run begins, or there is nothing to compare.
  unmeasured,
  /// Peers only; nothing is stored or indexed.
  quiet,
  /// Files are being stored and indexed.
  busy,
  /// No actor begins anything new.
  stopping,
};

/// An error that an actor of the node was answered with.
struct failure_seen {
  activity what = activity::connect;
  ec code = ec::none;
  /// For people.
  std::string text;
};

/// How often an error was seen, with the text of the first one.
struct error_score {
  activity what = activity::connect;
  ec code = ec::none;
  uint64_t count = 0;
  std::string example;
};

/// How far the files have been stored.
struct store_state {
  /// What there is below the path; counted before the first file is stored.
  uint64_t total_files = 0;
  uint64_t total_bytes = 0;
  /// What is stored and confirmed.
  uint64_t files = 0;
  uint64_t bytes = 0;
  uint64_t blocks = 0;
  /// Blocks that were not there yet.
  uint64_t new_blocks = 0;
  /// Files that are text, and their size; other files are not indexed.
  uint64_t texts = 0;
  uint64_t text_bytes = 0;
  /// Files that could not be read.
  uint64_t unreadable = 0;
  bool finished = false;
};

/// How far the texts have been indexed.
struct index_state {
  uint64_t texts = 0;
  uint64_t bytes = 0;
  uint64_t passages = 0;
  uint64_t chunks = 0;
  uint64_t unchanged = 0;
  /// Texts that changed or vanished after they had been stored.
  uint64_t changed = 0;
  /// Texts whose turn did not come before the end.
  uint64_t cancelled = 0;
  std::chrono::nanoseconds longest_chunk{0};
  bool finished = false;
};

/// The outcomes of one activity.
struct activity_score {
  uint64_t done = 0;
  uint64_t failed = 0;
  /// As the caller saw it; zero where it does not wait.
  latency took;
};

/// The outcomes of all activities, as reported by the actors.
struct scores {
  enum stage stage = stage::unmeasured;
  std::array<activity_score, activity_count> activities;
  /// Connects by what else was running.
  latency quiet_connect;
  latency busy_connect;
  std::vector<error_score> errors;
  store_state store;
  index_state index;
  /// How often the writer was made to fail.
  uint64_t sabotages = 0;
  /// What the end of the run is busy with, and how far it is.
  std::string task;
  uint64_t task_done = 0;
  uint64_t task_total = 0;

  const activity_score& of(activity x) const {
    return activities[static_cast<size_t>(x)];
  }
};

/// Best-effort messages that were dropped, for any reason.
[[nodiscard]] uint64_t total_dropped(const best_effort_counts& x);

} // namespace onewriter::node
