#include "tests/fault/inject/writer_spotter.hpp"

#include "tests/fault/inject/thread_role.hpp"

#include <sqlite3.h>

namespace onewriter::test {

io_verdict writer_spotter::before(const io_call& what) {
  if (what.what == io::open && what.kind == file_kind::database)
    own_role = (what.flags & SQLITE_OPEN_READWRITE) != 0 ? thread_role::writer
                                                         : thread_role::reader;
  return {SQLITE_OK, what.what != io::sync, -1};
}

} // namespace onewriter::test
