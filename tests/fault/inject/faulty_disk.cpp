#include "tests/fault/inject/faulty_disk.hpp"

#include <sqlite3.h>

#include <filesystem>
#include <string_view>

namespace onewriter::test {

namespace {

constexpr uint64_t while_count = 5;

bool has_effect(fault how) {
  return how == fault::error_after || how == fault::error_half
         || how == fault::full_half;
}

// Callers of an index or a checkpoint wait for a lock without a limit, so it
// has to be released at some point.
constexpr uint64_t lock_count = 30;

// SQLite requires that a lock on a reader's mark is held only for a moment. The
// locks for writing, for checkpoints and for recovery are separate.
bool can_be_held_for_long(const io_call& what) {
  return what.what == io::lock || (what.flags & SQLITE_SHM_EXCLUSIVE) != 0;
}

bool is_log(const std::string& path) {
  constexpr std::string_view end = "-wal";
  return path.size() > end.size()
         && path.compare(path.size() - end.size(), end.size(), end) == 0;
}

} // namespace

void faulty_disk::start(const std::string& folder,
                        std::optional<fault_point> point) {
  std::lock_guard guard{mutex_};
  folder_ = folder;
  point_ = point;
  counting_ = true;
  failed_ = 0;
  counts_ = {};
  log_.clear();
  // What is there has been there for long.
  for (auto& x : std::filesystem::directory_iterator{folder})
    if (auto path = x.path().string(); is_log(path))
      log_.keep(path);
}

void faulty_disk::stop() {
  std::lock_guard guard{mutex_};
  point_.reset();
  counting_ = false;
}

uint64_t faulty_disk::failed() const {
  std::lock_guard guard{mutex_};
  return failed_;
}

io_counts faulty_disk::counts() const {
  std::lock_guard guard{mutex_};
  return counts_;
}

io_verdict faulty_disk::before(const io_call& what) {
  std::lock_guard guard{mutex_};
  io_verdict fine{SQLITE_OK, what.what != io::sync, -1};
  if (!counting_ || what.path.compare(0, folder_.size(), folder_) != 0)
    return fine;
  auto number = counts_[static_cast<size_t>(what.what)]++;
  if (is_due(what, number))
    return failure(what);
  if (point_ && point_->how == fault::lost && what.what == io::sync
      && what.kind == file_kind::log)
    log_.keep(what.path);
  return fine;
}

// A log that is removed and created again begins with nothing.
void faulty_disk::after(const io_call& what) {
  if (what.what != io::remove || what.kind != file_kind::log)
    return;
  std::lock_guard guard{mutex_};
  log_.clear();
}

bool faulty_disk::is_due(const io_call& what, uint64_t number) const {
  if (!point_ || what.what != point_->what || number < point_->index)
    return false;
  switch (point_->how_long) {
    case duration::once:
      return number == point_->index;
    case duration::a_while:
      return number < point_->index + while_count;
    default:
      return point_->how != fault::busy
             || (failed_ < lock_count && can_be_held_for_long(what));
  }
}

io_verdict faulty_disk::failure(const io_call& what) {
  ++failed_;
  auto how = point_->how;
  if (how == fault::lost && what.kind == file_kind::log)
    log_.restore(what.path);
  auto half = how == fault::error_half || how == fault::full_half;
  return {sqlite_code_of(what.what, how), has_effect(how),
          half ? what.amount / 2 : -1};
}

} // namespace onewriter::test
