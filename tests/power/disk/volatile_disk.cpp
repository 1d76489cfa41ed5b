#include "tests/power/disk/volatile_disk.hpp"

#include "tests/fixture.hpp"

#include <sqlite3.h>

#include <utility>

#include <unistd.h>

namespace onewriter::test {

namespace {

// What a dead system does to get rid of its files, and a living one to let
// others have them; it changes nothing on the disk.
bool lets_go(io what) {
  return what == io::close || what == io::unlock || what == io::shm_unlock;
}

bool exists(const std::string& path) {
  return ::access(path.c_str(), F_OK) == 0;
}

} // namespace

void volatile_disk::start(std::string folder, size_t cut_at) {
  std::lock_guard guard{mutex_};
  folder_ = std::move(folder) + "/";
  cut_at_ = cut_at;
  is_cut_ = false;
  on_cut_ = nullptr;
  changes_.clear();
  fresh_.clear();
}

void volatile_disk::on_cut(std::function<void()> f) {
  std::lock_guard guard{mutex_};
  if (is_cut_ && f)
    f();
  else
    on_cut_ = std::move(f);
}

size_t volatile_disk::position() const {
  std::lock_guard guard{mutex_};
  return changes_.size();
}

bool volatile_disk::is_cut() const {
  std::lock_guard guard{mutex_};
  return is_cut_;
}

bool volatile_disk::wait_until_closed() {
  std::unique_lock guard{mutex_};
  return closed_.wait_for(guard, patience, [this] { return open_files_ == 0; });
}

std::vector<disk_change> volatile_disk::take_changes() {
  std::lock_guard guard{mutex_};
  return std::exchange(changes_, {});
}

io_verdict volatile_disk::before(const io_call& what) {
  std::lock_guard guard{mutex_};
  // Temporary files do not outlive a power cut.
  if (what.path.empty() || lets_go(what.what))
    return {};
  if (!is_cut_ && is_here(what.path)
      && note(what, what.path.substr(folder_.size())))
    return {};
  return {SQLITE_IOERR, false};
}

void volatile_disk::after(const io_call& what) {
  std::lock_guard guard{mutex_};
  if (what.what == io::open)
    ++open_files_;
  if (what.what == io::close && --open_files_ == 0)
    closed_.notify_all();
}

bool volatile_disk::is_here(const std::string& path) const {
  return path.compare(0, folder_.size(), folder_) == 0;
}

// Returns whether the call is to be carried out.
bool volatile_disk::note(const io_call& what, const std::string& file) {
  auto offset = static_cast<size_t>(what.offset);
  auto amount = static_cast<size_t>(what.amount);
  switch (what.what) {
    case io::open:
      if ((what.flags & SQLITE_OPEN_CREATE) == 0 || exists(what.path))
        return true;
      if (what.kind == file_kind::journal || what.kind == file_kind::log)
        fresh_.insert(file);
      return note({change::create, what.kind, file, 0, {}});
    case io::write:
      return note({change::write,
                   what.kind,
                   file,
                   offset,
                   {static_cast<const char*>(what.data), amount}});
    case io::truncate:
      return note({change::truncate, what.kind, file, offset, {}});
    case io::sync:
      return note_sync(what, file);
    case io::remove:
      if (!exists(what.path))
        return true;
      fresh_.erase(file);
      return note({change::remove, what.kind, file, 0, {}})
             && ((what.flags & 1) == 0
                 || note({change::sync_folder, what.kind, {}, 0, {}}));
    default:
      return true;
  }
}

bool volatile_disk::note_sync(const io_call& what, const std::string& file) {
  if (lies_ && what.kind == file_kind::log)
    return true;
  return note({change::sync, what.kind, file, 0, {}})
         && (fresh_.erase(file) == 0
             || note({change::sync_folder, what.kind, {}, 0, {}}));
}

bool volatile_disk::note(disk_change what) {
  if (changes_.size() == cut_at_)
    cut();
  else
    changes_.push_back(std::move(what));
  return !is_cut_;
}

void volatile_disk::cut() {
  is_cut_ = true;
  if (auto f = std::exchange(on_cut_, nullptr))
    f();
}

} // namespace onewriter::test
