// A shim (https://sqlite.org/vfs.html#vfs_shims): what SQLite takes for the
// file is a header of ours; the default VFS's file follows it in memory.
#include "tests/vfs/shim_vfs.hpp"

#include <sqlite3.h>

#include <atomic>
#include <cstddef>

namespace onewriter::test {

namespace {

struct shim_file : sqlite3_file {
  io_observer* observer;
  file_kind kind;
  // Owned; null while the file is not open.
  std::string* path;
};

// The default VFS's file starts where it would if it were alone.
constexpr size_t header_size
  = (sizeof(shim_file) + alignof(std::max_align_t) - 1)
    / alignof(std::max_align_t) * alignof(std::max_align_t);

shim_file& shim_of(sqlite3_file* file) {
  return *static_cast<shim_file*>(file);
}

sqlite3_file* below(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file)
                                         + header_size);
}

file_kind kind_of(int flags) {
  if ((flags & SQLITE_OPEN_MAIN_DB) != 0)
    return file_kind::database;
  if ((flags & SQLITE_OPEN_WAL) != 0)
    return file_kind::log;
  return (flags & SQLITE_OPEN_MAIN_JOURNAL) != 0 ? file_kind::journal
                                                 : file_kind::other;
}

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size()
         && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

file_kind kind_of(const std::string& path) {
  if (ends_with(path, "-wal"))
    return file_kind::log;
  return ends_with(path, "-journal") ? file_kind::journal : file_kind::other;
}

// Asks the observer, then the operating system.
template <class F>
int decide(io_observer& observer, const io_call& what, F perform) {
  auto verdict = observer.before(what);
  auto result = SQLITE_OK;
  if (verdict.performed) {
    result = perform(verdict.amount);
    if (result == SQLITE_OK)
      observer.after(what);
  }
  return verdict.code != SQLITE_OK ? verdict.code : result;
}

// The same for a call that belongs to an open file and has only flags.
template <class F>
int decide(io what, sqlite3_file* file, int flags, F perform) {
  auto& shim = shim_of(file);
  io_call seen{what, shim.kind, *shim.path};
  seen.flags = flags;
  return decide(*shim.observer, seen,
                [&](int) { return perform(below(file)); });
}

// Calls the same method of the file below.
template <auto Method, class... Ts>
auto forward(sqlite3_file* file, Ts... xs) {
  auto real = below(file);
  return (real->pMethods->*Method)(real, xs...);
}

// -- methods of a file --------------------------------------------------------------

int close(sqlite3_file* file) {
  auto result = decide(io::close, file, 0, [](sqlite3_file* real) {
    return real->pMethods->xClose(real);
  });
  delete shim_of(file).path;
  return result;
}

int read(sqlite3_file* file, void* to, int amount, sqlite3_int64 offset) {
  auto& shim = shim_of(file);
  io_call seen{io::read, shim.kind, *shim.path, offset, amount};
  return decide(*shim.observer, seen, [&](int) {
    return forward<&sqlite3_io_methods::xRead>(file, to, amount, offset);
  });
}

int write(sqlite3_file* file, const void* from, int amount,
          sqlite3_int64 offset) {
  auto& shim = shim_of(file);
  io_call seen{io::write, shim.kind, *shim.path, offset, amount, from};
  return decide(*shim.observer, seen, [&](int most) {
    return forward<&sqlite3_io_methods::xWrite>(
      file, from, most < 0 ? amount : most, offset);
  });
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  auto& shim = shim_of(file);
  io_call seen{io::truncate, shim.kind, *shim.path, size};
  return decide(*shim.observer, seen, [&](int) {
    return forward<&sqlite3_io_methods::xTruncate>(file, size);
  });
}

int sync(sqlite3_file* file, int flags) {
  return decide(io::sync, file, flags, [flags](sqlite3_file* real) {
    return real->pMethods->xSync(real, flags);
  });
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return decide(io::size, file, 0, [size](sqlite3_file* real) {
    return real->pMethods->xFileSize(real, size);
  });
}

int lock(sqlite3_file* file, int level) {
  return decide(io::lock, file, level, [level](sqlite3_file* real) {
    return real->pMethods->xLock(real, level);
  });
}

int unlock(sqlite3_file* file, int level) {
  return decide(io::unlock, file, level, [level](sqlite3_file* real) {
    return real->pMethods->xUnlock(real, level);
  });
}

int shm_map(sqlite3_file* file, int region, int size, int extend,
            void volatile** to) {
  return decide(io::shm_map, file, extend, [&](sqlite3_file* real) {
    return real->pMethods->xShmMap(real, region, size, extend, to);
  });
}

int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  auto what = (flags & SQLITE_SHM_LOCK) != 0 ? io::shm_lock : io::shm_unlock;
  auto& shim = shim_of(file);
  io_call seen{what, shim.kind, *shim.path, offset, count};
  seen.flags = flags;
  return decide(*shim.observer, seen, [&](int) {
    return forward<&sqlite3_io_methods::xShmLock>(file, offset, count, flags);
  });
}

// Reads and writes of mapped pages could not be observed.
int fetch(sqlite3_file*, sqlite3_int64, int, void** to) {
  *to = nullptr;
  return SQLITE_OK;
}

int forget(sqlite3_file* file, sqlite3_int64, void*) {
  return decide(io::forget, file, 0, [](sqlite3_file*) { return SQLITE_OK; });
}

using methods_type = sqlite3_io_methods;

constexpr methods_type methods = {
  3,
  close,
  read,
  write,
  truncate,
  sync,
  file_size,
  lock,
  unlock,
  forward<&methods_type::xCheckReservedLock, int*>,
  forward<&methods_type::xFileControl, int, void*>,
  forward<&methods_type::xSectorSize>,
  forward<&methods_type::xDeviceCharacteristics>,
  shm_map,
  shm_lock,
  forward<&methods_type::xShmBarrier>,
  forward<&methods_type::xShmUnmap, int>,
  fetch,
  forget,
};

// -- methods of the VFS -------------------------------------------------------------

io_observer& observer_of(sqlite3_vfs* vfs) {
  return *static_cast<io_observer*>(vfs->pAppData);
}

sqlite3_vfs* real_vfs() {
  return sqlite3_vfs_find(nullptr);
}

int open(sqlite3_vfs* vfs, sqlite3_filename path, sqlite3_file* file, int flags,
         int* out_flags) {
  auto& shim = shim_of(file);
  auto name = std::make_unique<std::string>(path == nullptr ? "" : path);
  shim.pMethods = nullptr;
  shim.observer = &observer_of(vfs);
  shim.kind = kind_of(flags);
  below(file)->pMethods = nullptr;
  io_call seen{io::open, shim.kind, *name};
  seen.flags = flags;
  auto result = decide(*shim.observer, seen, [&](int) {
    return real_vfs()->xOpen(real_vfs(), path, below(file), flags, out_flags);
  });
  if (result != SQLITE_OK && below(file)->pMethods != nullptr) {
    below(file)->pMethods->xClose(below(file));
    return result;
  }
  if (result == SQLITE_OK) {
    shim.pMethods = &methods;
    shim.path = name.release();
  }
  return result;
}

int remove(sqlite3_vfs* vfs, const char* path, int sync_folder) {
  std::string name = path;
  io_call seen{io::remove, kind_of(name), name};
  seen.flags = sync_folder;
  return decide(observer_of(vfs), seen, [&](int) {
    return real_vfs()->xDelete(real_vfs(), path, sync_folder);
  });
}

std::string unique_name() {
  static std::atomic<unsigned> last{0};
  return "onewriter-shim-" + std::to_string(++last);
}

} // namespace

const char* to_string(io x) {
  constexpr const char* names[] = {
    "open", "close",  "read",    "write",    "truncate",   "sync",   "size",
    "lock", "unlock", "shm_map", "shm_lock", "shm_unlock", "remove", "forget",
  };
  static_assert(std::size(names) == io_count);
  return names[static_cast<size_t>(x)];
}

const char* to_string(file_kind x) {
  constexpr const char* names[] = {"database", "log", "journal", "other"};
  return names[static_cast<size_t>(x)];
}

io_observer::~io_observer() {
  // nop
}

void io_observer::after(const io_call&) {
  // nop
}

shim_vfs::shim_vfs(io_observer& observer)
  : name_{unique_name()},
    vfs_{std::make_unique<sqlite3_vfs>(*real_vfs())} {
  vfs_->zName = name_.c_str();
  vfs_->pNext = nullptr;
  vfs_->szOsFile += static_cast<int>(header_size);
  vfs_->pAppData = &observer;
  vfs_->xOpen = open;
  vfs_->xDelete = remove;
  sqlite3_vfs_register(vfs_.get(), 0);
}

shim_vfs::~shim_vfs() {
  sqlite3_vfs_unregister(vfs_.get());
}

} // namespace onewriter::test
