#include "tests/shim_vfs.hpp"

#include "tests/fixture.hpp"

#include <sqlite3.h>

namespace onewriter::test {

namespace {

// What SQLite takes for the file; behind it in memory is that of the VFS below.
struct shim_file {
  sqlite3_file base;
  shim_vfs* owner;
};

shim_file* shim_of(sqlite3_file* file) {
  return reinterpret_cast<shim_file*>(file);
}

sqlite3_file* below(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(shim_of(file) + 1);
}

// Calls the same method of the file below.
template <auto Method, class... Ts>
auto forward(sqlite3_file* file, Ts... xs) {
  auto real = below(file);
  return (real->pMethods->*Method)(real, xs...);
}

int read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
  if (auto owner = shim_of(file)->owner; owner != nullptr && owner->on_read())
    return SQLITE_IOERR_READ;
  return forward<&sqlite3_io_methods::xRead>(file, to, size, offset);
}

using io = sqlite3_io_methods;

constexpr io methods = {
  3,
  forward<&io::xClose>,
  read,
  forward<&io::xWrite, const void*, int, sqlite3_int64>,
  forward<&io::xTruncate, sqlite3_int64>,
  forward<&io::xSync, int>,
  forward<&io::xFileSize, sqlite3_int64*>,
  forward<&io::xLock, int>,
  forward<&io::xUnlock, int>,
  forward<&io::xCheckReservedLock, int*>,
  forward<&io::xFileControl, int, void*>,
  forward<&io::xSectorSize>,
  forward<&io::xDeviceCharacteristics>,
  forward<&io::xShmMap, int, int, int, void volatile**>,
  forward<&io::xShmLock, int, int, int>,
  forward<&io::xShmBarrier>,
  forward<&io::xShmUnmap, int>,
  forward<&io::xFetch, sqlite3_int64, int, void**>,
  forward<&io::xUnfetch, sqlite3_int64, void*>,
};

int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags,
         int* out_flags) {
  constexpr auto watched = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL;
  auto real = sqlite3_vfs_find(nullptr);
  auto rc = real->xOpen(real, path, below(file), flags, out_flags);
  file->pMethods = below(file)->pMethods == nullptr ? nullptr : &methods;
  shim_of(file)->owner
    = (flags & watched) != 0 ? static_cast<shim_vfs*>(vfs->pAppData) : nullptr;
  return rc;
}

} // namespace

shim_vfs::shim_vfs()
  : name_{"shim_vfs"},
    vfs_{std::make_unique<sqlite3_vfs>(*sqlite3_vfs_find(nullptr))} {
  vfs_->zName = name_.c_str();
  vfs_->szOsFile += static_cast<int>(sizeof(shim_file));
  vfs_->pAppData = this;
  vfs_->xOpen = open;
  sqlite3_vfs_register(vfs_.get(), 0);
}

shim_vfs::~shim_vfs() {
  release_reads();
  sqlite3_vfs_unregister(vfs_.get());
}

void shim_vfs::fail_reads(size_t count) {
  std::lock_guard guard{mutex_};
  failing_ = count;
}

void shim_vfs::hold_reads() {
  std::lock_guard guard{mutex_};
  holding_ = true;
}

bool shim_vfs::wait_for_held(size_t count) {
  std::unique_lock guard{mutex_};
  return changed_.wait_for(guard, patience, [&] { return held_ >= count; });
}

void shim_vfs::release_reads() {
  std::lock_guard guard{mutex_};
  holding_ = false;
  changed_.notify_all();
}

bool shim_vfs::on_read() {
  std::unique_lock guard{mutex_};
  if (holding_) {
    ++held_;
    changed_.notify_all();
    changed_.wait(guard, [this] { return !holding_; });
    --held_;
  }
  if (failing_ == 0)
    return false;
  --failing_;
  return true;
}

} // namespace onewriter::test
