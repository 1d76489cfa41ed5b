#pragma once

#include "actors/sqlite/file/files.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What an audit has found out about a database. Whether any of it is a risk is
// decided in `judge`.

namespace onewriter::node {

/// The files that belong to a database.
enum class file_part : uint8_t { file, log, index, journal, owner };

constexpr size_t file_part_count = 5;

/// Returns what the name of `x` ends with: "", "-wal", "-shm", "-journal",
/// "-owner".
[[nodiscard]] const char* suffix_of(file_part x);

/// One value for each file of a database.
template <class T>
class per_part {
public:
  T& operator[](file_part x) {
    return values_[static_cast<size_t>(x)];
  }

  const T& operator[](file_part x) const {
    return values_[static_cast<size_t>(x)];
  }

private:
  std::array<T, file_part_count> values_{};
};

/// Calls `f` with each part.
template <class F>
void for_each_part(F f) {
  for (size_t i = 0; i < file_part_count; ++i)
    f(static_cast<file_part>(i));
}

// -- the files ----------------------------------------------------------------

struct part_state {
  /// Empty if there is no such file.
  std::optional<sqlite::file_identity> identity;
  uint64_t bytes = 0;
};

/// From the first 100 bytes of the file
/// (https://sqlite.org/fileformat2.html#the_database_header).
struct database_header {
  /// 512 to 65,536; 0 for an empty file.
  uint32_t page_bytes = 0;
  /// Bytes 18 and 19: 1 for a rollback journal, 2 for a write-ahead log.
  uint8_t write_version = 0;
  uint8_t read_version = 0;

  bool uses_log() const {
    return read_version == 2;
  }
};

constexpr size_t read_mark_count = 5;

/// The byte of `-shm` whose lock holds the first read mark; the others follow.
constexpr uint64_t first_read_lock = 123;

/// The content of `-shm` (https://sqlite.org/walformat.html#walidxfmt).
struct index_facts {
  /// Frames of the log that are in use.
  uint64_t frames = 0;
  /// How many of them have been copied into the file.
  uint64_t copied = 0;
  /// How far readers see into the log, each in use while a lock is on it.
  std::array<uint32_t, read_mark_count> read_marks{};
};

/// The write-ahead log.
struct log_facts {
  /// From its header; 0 without a valid one.
  uint32_t page_bytes = 0;
  /// Frames up to the last commit, as the salts in the log show, if there is no
  /// index. Checksums are not computed: a log that was damaged may have fewer.
  uint64_t committed = 0;
  /// Empty without an index, or where it changes all the time. SQLite builds it
  /// again when the first process opens the file: it means nothing before.
  std::optional<index_facts> index;
};

// -- the processes ------------------------------------------------------------

/// What a SQLite library or program has of SQLite's WAL-reset bug.
enum class reset_bug : uint8_t { no, yes, unknown };

/// A SQLite that a process has loaded.
struct sqlite_copy {
  /// The library or program that holds it.
  std::string path;
  /// "3.40.1"; empty if unknown.
  std::string version;
  /// The day of its source, "2022-12-28"; empty if unknown.
  std::string date;
  reset_bug bug = reset_bug::unknown;
};

/// How often a process has a file open.
struct handle_count {
  uint32_t reading = 0;
  /// For writing, or for both.
  uint32_t writing = 0;

  uint32_t total() const {
    return reading + writing;
  }
};

/// An open file that has no name any more.
struct lost_handle {
  file_part part = file_part::file;
  int descriptor = -1;
};

/// A process that has a file of the database open.
struct open_process {
  int64_t id = 0;
  /// Its arguments, separated by spaces.
  std::string command;
  per_part<handle_count> handles;
  std::vector<lost_handle> lost;
  /// All that it has loaded; empty if none was found.
  std::vector<sqlite_copy> libraries;
};

/// What `/proc` tells about all processes.
struct process_facts {
  std::vector<open_process> open;
  /// Processes of other users, whose open files are not told.
  uint64_t unreadable = 0;
  /// Whether `/proc` hides the processes of other users.
  bool hidden = false;
  /// Whether there is a `/proc` at all.
  bool known = true;
};

// -- the locks ----------------------------------------------------------------

enum class lock_kind : uint8_t { posix, flock, other };

/// A line of `/proc/locks`.
struct kernel_lock {
  lock_kind kind = lock_kind::posix;
  bool exclusive = false;
  /// Asked for, and not held.
  bool waiting = false;
  /// -1 if it belongs to no single process.
  int64_t process = -1;
  sqlite::file_identity file;
  uint64_t first = 0;
  /// The last byte, inclusive; the largest number for the end of the file.
  uint64_t last = 0;
};

/// A lock on one of the files of the database.
struct file_lock : kernel_lock {
  file_part part = file_part::file;
};

// -- the content --------------------------------------------------------------

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

// -- all of it ----------------------------------------------------------------

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
  /// The last frame that a checkpoint can copy meanwhile.
  uint64_t frame = 0;
};

/// Returns the read marks that are held by locks, the lowest frame first.
[[nodiscard]] std::vector<log_pin> pins_of(const audit_facts& x);

/// Returns how many frames of the log are in use.
[[nodiscard]] uint64_t frames_of(const audit_facts& x);

} // namespace onewriter::node
