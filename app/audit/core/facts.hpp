#pragma once

#include "app/audit/core/file_facts.hpp"
#include "app/audit/core/process_facts.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What an audit has found out about a database. Whether any of it is a risk is
// decided in `judge`.

namespace onewriter::node {

enum class integrity_outcome : uint8_t {
  /// Not checked; `integrity_facts::reason` says why.
  unchecked,
  sound,
  damaged,
  /// The time was over.
  unfinished,
};

struct integrity_facts {
  integrity_outcome outcome = integrity_outcome::unchecked;
  /// "quick_check" or "integrity_check".
  std::string check;
  /// What SQLite found, the first few; for `damaged`.
  std::vector<std::string> problems;
  std::string reason;
};

struct audit_facts {
  /// Absolute, without symbolic links.
  std::string path;
  per_part<part_state> parts;
  /// How many names (hard links) the file has.
  uint64_t names = 1;
  bool network = false;
  database_header header;
  log_facts log;
  /// Whether `-journal` holds a transaction, and held the same one before the
  /// locks were read.
  bool journal_filled = false;
  process_facts processes;
  std::vector<file_lock> locks;
  /// The process id that `-owner` begins with, for people: the lock on it tells
  /// who the owner is. Empty if it cannot be read.
  std::string named_owner;
  integrity_facts integrity;
};

/// Returns the process that holds the lock on `-owner`, which is a onewriter;
/// nothing if the file has no owner.
[[nodiscard]] std::optional<int64_t> owner_of(const audit_facts& x);

/// Returns the process `id`, null if it has no file of the database open.
[[nodiscard]] const open_process* process_of(const audit_facts& x, int64_t id);

/// Returns whether a process has `part` open, or holds a lock on it: locks are
/// told of all processes, open files are not.
[[nodiscard]] bool is_used(const audit_facts& x, file_part part);

/// Returns whether a process uses the database.
[[nodiscard]] bool is_in_use(const audit_facts& x);

/// Returns the processes that hold locks on the database and are not among
/// those that are known to have it open, each once.
[[nodiscard]] std::vector<int64_t> unseen_lock_holders(const audit_facts& x);

/// A reader that a checkpoint cannot pass.
struct log_pin {
  int64_t process = -1;
  /// Which of the read marks, from 0.
  size_t mark = 0;
  /// The last frame that a checkpoint can copy now.
  uint64_t frame = 0;
};

/// Returns the read marks that are held by locks, the lowest frame first.
[[nodiscard]] std::vector<log_pin> pins_of(const audit_facts& x);

/// Returns how many frames of the log are in use.
[[nodiscard]] uint64_t frames_of(const audit_facts& x);

} // namespace onewriter::node
