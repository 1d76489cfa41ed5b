#include "tests/fault/writer_spotter.hpp"

#include "tests/fault/faulty_memory.hpp"

#include <sqlite3.h>

namespace onewriter::test {

io_verdict writer_spotter::before(const io_call& what) {
  if (what.what == io::open && what.kind == file_kind::database)
    faulty_memory::set_writer((what.flags & SQLITE_OPEN_READWRITE) != 0);
  return {SQLITE_OK, what.what != io::sync, -1};
}

} // namespace onewriter::test
