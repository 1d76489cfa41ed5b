#include "tests/vfs/unsynced_disk.hpp"

#include <sqlite3.h>

namespace onewriter::test {

io_verdict unsynced_disk::before(const io_call& what) {
  if (what.what != io::sync || what.kind != file_kind::log)
    return {};
  auto fault = next_.exchange(sync_fault::none);
  if (fault == sync_fault::none)
    return {};
  ++failed_;
  return {SQLITE_IOERR_FSYNC, fault == sync_fault::reported};
}

} // namespace onewriter::test
