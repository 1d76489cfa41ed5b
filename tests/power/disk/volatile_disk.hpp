#pragma once

#include "tests/power/disk/disk_change.hpp"

#include <condition_variable>
#include <functional>
#include <limits>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace onewriter::test {

inline constexpr size_t never = std::numeric_limits<size_t>::max();

/// A disk that notes each change, in order, so that it can be found out what a
/// power cut between any two of them would have left. It can also cut the power
/// itself: from then on every call fails and nothing is done. Below it are real
/// files. All of it may be used from any thread.
class volatile_disk : private io_observer {
public:
  /// Goes into `options::vfs`.
  const std::string& name() const {
    return vfs_.name();
  }

  /// From now on records the changes in `folder`, which must be new; operations
  /// in other folders fail. Cuts the power instead of
  /// change number `cut_at`, counted from 0.
  void start(std::string folder, size_t cut_at = never);

  /// Calls `f`, once, when the power is cut, which may have happened already;
  /// nothing where `f` is empty.
  void on_cut(std::function<void()> f);

  /// Returns how many changes have been made.
  size_t position() const;

  bool is_cut() const;

  /// Blocks until no file is open. Returns false if that takes too long.
  bool wait_until_closed();

  /// Returns what was noted since `start`; the disk forgets it.
  std::vector<disk_change> take_changes();

  /// Makes the disk a liar, for a look at whether that is noticed: it says that
  /// it has synced a log and has not.
  void lie_about_logs() {
    lies_ = true;
  }

private:
  io_verdict before(const io_call& what) override;

  void after(const io_call& what) override;

  bool is_here(const std::string& path) const;

  bool note(disk_change what);

  bool note(const io_call& what, const std::string& file);

  bool note_sync(const io_call& what, const std::string& file);

  void cut();

  mutable std::mutex mutex_;
  std::condition_variable closed_;
  std::string folder_;
  size_t cut_at_ = never;
  bool is_cut_ = false;
  bool lies_ = false;
  std::function<void()> on_cut_;
  std::vector<disk_change> changes_;
  // Journals and logs whose first sync also syncs the folder.
  std::set<std::string> fresh_;
  size_t open_files_ = 0;
  shim_vfs vfs_{*this};
};

} // namespace onewriter::test
