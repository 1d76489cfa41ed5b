#pragma once

#include "actors/core/pending_write_pool.hpp"
#include "actors/sqlite/file/file_guard.hpp"
#include "actors/sqlite/file/owner_lock.hpp"
#include "actors/supervision/supervision.hpp"
#include "onewriter/failure.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace onewriter {

/// What one incarnation of the writer passes to the next: the permission to own
/// the file, what it knew of the file, and what its failure means.
///
/// Belongs to the writer's thread while there is a writer. The exceptions:
/// `was_open`, `as_damage` and `judge` may be called from any thread, and the
/// database calls `release_lock` when no writer can come any more. A writer
/// ends before the next one starts, and messages are in between.
class writer_handover {
public:
  writer_handover() = default;

  /// `lock` is the owner's lock if the process has taken it already, else null.
  explicit writer_handover(std::unique_ptr<sqlite::owner_lock> lock)
    : lock_{std::move(lock)} {
    // nop
  }

  // -- the permission to own the file ----------------------------------------

  /// Takes the owner's lock of the database at `path`, which keeps other
  /// processes from owning the file until `release_lock`, also while the writer
  /// is restarted. If an earlier writer has taken it, checks instead that its
  /// name still leads to it. Errors: those of `sqlite::owner_lock::acquire` and
  /// of `sqlite::check_name`.
  [[nodiscard]] caf::error take_lock(const std::string& path);

  /// Lets other processes own the file: no connection has it open any more.
  void release_lock();

  /// Returns the lock; null before `take_lock`.
  const sqlite::owner_lock* lock() const {
    return lock_.get();
  }

  // -- what was known of the file --------------------------------------------

  /// Records that a writer has the file open.
  void mark_opened() {
    was_open_ = true;
  }

  /// Whether a writer has had the file open.
  bool was_open() const {
    return was_open_;
  }

  /// Returns `reason`, as damage if the file was a database before.
  caf::error as_damage(const caf::error& reason) const;

  void remember_files(const sqlite::known_files& what) {
    files_ = what;
  }

  /// Returns which files were open; empty before they were.
  const std::optional<sqlite::known_files>& files() const {
    return files_;
  }

  void remember_commit(uint64_t number) {
    last_commit_ = number;
  }

  /// Returns the number of the last commit that was acknowledged, 0 if none
  /// was.
  uint64_t last_commit() const {
    return last_commit_;
  }

  /// Records whether the next writer may open the file only when every other
  /// connection is closed; see `reader_gate`.
  void suspect_index(bool is_suspect) {
    is_index_suspect_ = is_suspect;
  }

  bool is_index_suspect() const {
    return is_index_suspect_;
  }

  // -- what a failure means --------------------------------------------------

  /// Records that opening the file again would give the same result.
  void rule_out_restart() {
    is_permanent_ = true;
  }

  /// Records why the file could not be opened. Callers of a file that was never
  /// open wait for that reason; one that was open is opened again, unless a
  /// person has to repair it first.
  void note_failed_opening(const caf::error& reason);

  /// Records why the connection failed, and whether one request is the likely
  /// cause, which is then answered alone.
  void note_failure(const caf::error& reason, bool came_of_request);

  /// Returns what the end of the writer means to its supervisor.
  verdict judge(const caf::error& reason);

  // -- memory ----------------------------------------------------------------

  /// Requests that the writer has answered, on their way back to the database.
  pending_write_pool& pool() {
    return pool_;
  }

private:
  std::unique_ptr<sqlite::owner_lock> lock_;
  std::atomic<bool> was_open_{false};
  std::atomic<bool> is_permanent_{false};
  std::atomic<bool> came_of_request_{false};
  bool is_index_suspect_ = false;
  std::optional<sqlite::known_files> files_;
  uint64_t last_commit_ = 0;
  pending_write_pool pool_;
};

} // namespace onewriter
