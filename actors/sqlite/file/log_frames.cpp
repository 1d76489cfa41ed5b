// A log is a header of 32 bytes and frames. Each frame is a header of 24 bytes,
// whose last 8 are the checksum, and a page.
#include "actors/sqlite/file/log_frames.hpp"

#include "actors/sqlite/base/errors.hpp"
#include "actors/sqlite/base/handles.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <iterator>

namespace onewriter::sqlite {

namespace {

constexpr int64_t log_header_bytes = 32;
constexpr int64_t frame_header_bytes = 24;
constexpr int64_t checksum_offset = 16;

} // namespace

caf::error check_frames(sqlite3* db, int64_t first, int64_t last,
                        int64_t page_bytes) {
  auto log = file_of(db, SQLITE_FCNTL_JOURNAL_POINTER);
  if (log == nullptr)
    return {};
  for (auto frame = first; frame <= last; ++frame) {
    auto at = log_header_bytes + (frame - 1) * (frame_header_bytes + page_bytes)
              + checksum_offset;
    char sum[8];
    if (auto rc = log->pMethods->xRead(log, sum, sizeof sum, at);
        rc != SQLITE_OK)
      return make_error(db, rc);
    if (std::all_of(std::begin(sum), std::end(sum),
                    [](char x) { return x == 0; }))
      return make_failure(ec::io_error,
                          "SQLite has committed frame " + std::to_string(frame)
                            + " of the write-ahead log without a checksum");
  }
  return {};
}

} // namespace onewriter::sqlite
