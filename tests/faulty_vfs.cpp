// A shim (https://sqlite.org/vfs.html#vfs_shims): each file holds the default
// VFS's file behind a header of ours, and each method calls that file's.
#include "tests/faulty_vfs.hpp"

#include <sqlite3.h>

#include <atomic>
#include <cstring>

namespace onewriter::test {

namespace {

std::atomic<sync_fault> next_sync{sync_fault::none};

std::atomic<int> failures{0};

sqlite3_vfs* real_vfs = nullptr;

struct file_header : sqlite3_file {
  bool is_log;
};

// The default VFS's file starts where it would if it were alone.
constexpr size_t header_size
  = (sizeof(file_header) + alignof(std::max_align_t) - 1)
    / alignof(std::max_align_t) * alignof(std::max_align_t);

sqlite3_file* real(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file)
                                         + header_size);
}

int close(sqlite3_file* file) {
  return real(file)->pMethods->xClose(real(file));
}

int read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
  return real(file)->pMethods->xRead(real(file), to, size, offset);
}

int write(sqlite3_file* file, const void* from, int size,
          sqlite3_int64 offset) {
  return real(file)->pMethods->xWrite(real(file), from, size, offset);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  return real(file)->pMethods->xTruncate(real(file), size);
}

int sync(sqlite3_file* file, int flags) {
  auto fault = sync_fault::none;
  if (static_cast<file_header*>(file)->is_log)
    fault = next_sync.exchange(sync_fault::none);
  auto result = SQLITE_OK;
  if (fault != sync_fault::real)
    result = real(file)->pMethods->xSync(real(file), flags);
  if (fault == sync_fault::none)
    return result;
  ++failures;
  return SQLITE_IOERR_FSYNC;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return real(file)->pMethods->xFileSize(real(file), size);
}

int lock(sqlite3_file* file, int level) {
  return real(file)->pMethods->xLock(real(file), level);
}

int unlock(sqlite3_file* file, int level) {
  return real(file)->pMethods->xUnlock(real(file), level);
}

int check_reserved_lock(sqlite3_file* file, int* result) {
  return real(file)->pMethods->xCheckReservedLock(real(file), result);
}

int file_control(sqlite3_file* file, int op, void* arg) {
  return real(file)->pMethods->xFileControl(real(file), op, arg);
}

int sector_size(sqlite3_file* file) {
  return real(file)->pMethods->xSectorSize(real(file));
}

int device_characteristics(sqlite3_file* file) {
  return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

int shm_map(sqlite3_file* file, int region, int size, int extend,
            void volatile** to) {
  return real(file)->pMethods->xShmMap(real(file), region, size, extend, to);
}

int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}

void shm_barrier(sqlite3_file* file) {
  real(file)->pMethods->xShmBarrier(real(file));
}

int shm_unmap(sqlite3_file* file, int remove) {
  return real(file)->pMethods->xShmUnmap(real(file), remove);
}

const sqlite3_io_methods methods{
  2,
  close,
  read,
  write,
  truncate,
  sync,
  file_size,
  lock,
  unlock,
  check_reserved_lock,
  file_control,
  sector_size,
  device_characteristics,
  shm_map,
  shm_lock,
  shm_barrier,
  shm_unmap,
  nullptr,
  nullptr,
};

int open(sqlite3_vfs*, sqlite3_filename path, sqlite3_file* file, int flags,
         int* out_flags) {
  auto header = static_cast<file_header*>(file);
  header->pMethods = nullptr;
  header->is_log = (flags & SQLITE_OPEN_WAL) != 0;
  auto result = real_vfs->xOpen(real_vfs, path, real(file), flags, out_flags);
  if (real(file)->pMethods != nullptr)
    header->pMethods = &methods;
  return result;
}

sqlite3_vfs& shim() {
  static sqlite3_vfs instance;
  return instance;
}

} // namespace

faulty_vfs::faulty_vfs() {
  real_vfs = sqlite3_vfs_find(nullptr);
  auto& vfs = shim();
  vfs = *real_vfs;
  vfs.zName = name;
  vfs.pNext = nullptr;
  vfs.szOsFile = static_cast<int>(header_size) + real_vfs->szOsFile;
  vfs.xOpen = open;
  sqlite3_vfs_register(&vfs, 0);
}

faulty_vfs::~faulty_vfs() {
  sqlite3_vfs_unregister(&shim());
  next_sync = sync_fault::none;
}

void faulty_vfs::fail_next_sync(sync_fault what) {
  next_sync = what;
}

int faulty_vfs::failed_syncs() {
  return failures;
}

} // namespace onewriter::test
