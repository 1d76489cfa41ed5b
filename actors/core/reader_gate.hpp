#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>

namespace onewriter {

/// Counts the reader connections, and has them closed when SQLite's index of
/// the write-ahead log must be rebuilt from the log itself: the index lives for
/// as long as any connection is open.
///
/// A checkpoint that a reader or a commit keeps from completing copies some
/// pages and syncs nothing, but the index marks those pages as done from then
/// on. When a later sync of the database file fails, the operating system may
/// drop them
/// (https://sqlite.org/atomiccommit.html#_incomplete_disk_flushes), and nothing
/// would copy them again before the log is overwritten. The next checkpoint
/// that is complete syncs all of them, so no log is overwritten before.
///
/// All functions may be called from any thread.
class reader_gate {
public:
  reader_gate() = default;

  reader_gate(const reader_gate&) = delete;

  reader_gate& operator=(const reader_gate&) = delete;

  /// Counts a connection that is about to be opened. Returns false while the
  /// gate is shut: then it must not be opened.
  [[nodiscard]] bool enter();

  /// Reports that a counted connection is closed.
  void leave();

  /// Admits no connection until `open`, and stops the statements of open
  /// connections. Calls `when_empty` once when all are closed, immediately or
  /// on the thread that closes the last one.
  void shut(std::function<void()> when_empty);

  void open();

  /// Whether no connection is counted.
  bool is_empty();

  /// True from `shut` to `open`; SQLite checks it while a statement runs.
  const std::atomic<bool>& is_shut() const {
    return is_shut_;
  }

private:
  std::mutex mutex_;
  std::atomic<bool> is_shut_{false};
  uint64_t inside_ = 0;
  std::function<void()> when_empty_;
};

} // namespace onewriter
