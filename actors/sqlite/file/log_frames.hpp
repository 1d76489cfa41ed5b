#pragma once

#include "onewriter/failure.hpp"

#include <cstdint>

struct sqlite3;

namespace onewriter::sqlite {

/// Checks that each of the frames `first` to `last` of the write-ahead log,
/// counted from 1, has a checksum, as far as that is visible without computing
/// it: recovery ignores a frame without one, and all behind it
/// (https://sqlite.org/fileformat2.html#walformat). Reads 8 bytes a frame.
/// Error: `ec::io_error`, also if a checksum is missing.
[[nodiscard]] caf::error check_frames(sqlite3* db, int64_t first, int64_t last,
                                      int64_t page_bytes);

} // namespace onewriter::sqlite
