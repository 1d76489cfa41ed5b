#include "tests/vfs/held_disk.hpp"

#include "tests/fixture.hpp"

#include <sqlite3.h>

namespace onewriter::test {

held_disk::~held_disk() {
  release_reads();
}

void held_disk::fail_reads(size_t count) {
  std::lock_guard guard{mutex_};
  failing_ = count;
}

void held_disk::hold_reads() {
  std::lock_guard guard{mutex_};
  holding_ = true;
}

bool held_disk::wait_for_held(size_t count) {
  std::unique_lock guard{mutex_};
  return changed_.wait_for(guard, patience, [&] { return held_ >= count; });
}

void held_disk::release_reads() {
  std::lock_guard guard{mutex_};
  holding_ = false;
  changed_.notify_all();
}

io_verdict held_disk::before(const io_call& what) {
  if (what.what != io::read
      || (what.kind != file_kind::database && what.kind != file_kind::log))
    return {};
  std::unique_lock guard{mutex_};
  if (holding_) {
    ++held_;
    changed_.notify_all();
    changed_.wait(guard, [this] { return !holding_; });
    --held_;
  }
  if (failing_ == 0)
    return {};
  --failing_;
  return {SQLITE_IOERR_READ, false};
}

} // namespace onewriter::test
