#pragma once

#include <cstdint>
#include <memory>
#include <string>

struct sqlite3_vfs;

namespace onewriter::test {

/// The calls of SQLite to the operating system.
enum class io : uint8_t {
  open,
  close,
  read,
  write,
  truncate,
  sync,
  size,
  lock,
  unlock,
  shm_map,
  shm_lock,
  shm_unlock,
  remove,
  /// Mapped pages of a database are not valid any more. None is ever mapped,
  /// but a checkpoint says so when it has read another header of the log's
  /// index than the time before, and does nothing else between reading the
  /// header and trusting it.
  forget,
};

constexpr size_t io_count = 14;

/// Returns the name of `x`, for reports.
const char* to_string(io x);

/// What a file is for.
enum class file_kind : uint8_t { database, log, journal, other };

/// Returns the name of `x`, for reports.
const char* to_string(file_kind x);

/// One call of SQLite's. A file's shared memory counts as the file itself.
struct io_call {
  io what = io::open;
  file_kind kind = file_kind::other;
  /// Of the file; empty for a temporary one.
  const std::string& path;
  /// Where a read or write begins, what a truncation leaves, the first of the
  /// locks of shared memory (https://sqlite.org/walformat.html#locks); else 0.
  int64_t offset = 0;
  /// Bytes of a read or write, count of locks; else 0.
  int amount = 0;
  /// What is written; else null.
  const void* data = nullptr;
  /// As they are handed to SQLite's VFS, where the call has any.
  int flags = 0;
};

/// The outcome of a call.
struct io_verdict {
  /// Other than SQLITE_OK: the result that SQLite gets.
  int code = 0;
  /// Whether the operating system is called, independent of `code`.
  bool performed = true;
  /// How many bytes of a write are written; -1 for all.
  int amount = -1;
};

/// Sees every call and decides about it, on the thread that calls: several at a
/// time.
class io_observer {
public:
  virtual ~io_observer();

  virtual io_verdict before(const io_call& what) = 0;

  /// Called after the operating system has done what was asked.
  virtual void after(const io_call& what);
};

/// A VFS (https://sqlite.org/vfs.html) over SQLite's default one, registered
/// while it runs, that asks an observer about every call. All files that were
/// opened through it have to be closed before it ends, and the observer
/// outlives it.
class shim_vfs {
public:
  explicit shim_vfs(io_observer& observer);

  shim_vfs(const shim_vfs&) = delete;

  shim_vfs& operator=(const shim_vfs&) = delete;

  ~shim_vfs();

  /// Goes into `options::vfs`; no two that live at the same time share it.
  const std::string& name() const {
    return name_;
  }

private:
  std::string name_;
  std::unique_ptr<sqlite3_vfs> vfs_;
};

} // namespace onewriter::test
