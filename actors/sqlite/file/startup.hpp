#pragma once

#include "actors/sqlite/file/file_system.hpp"
#include "onewriter/failure.hpp"

#include <string>

namespace onewriter::sqlite {

/// Returns whether a SQLite with this version number (3.40.1 is 3040001) has
/// the WAL-reset bug (https://sqlite.org/wal.html#walresetbug): 3.7.0 to
/// 3.51.2, except for the fixes 3.44.6 and 3.50.7 and later versions of their
/// branches.
bool has_wal_reset_bug(int sqlite_version_number);

/// Version of the SQLite library that is in use, "3.40.1", and as a number.
std::string sqlite_version();

int sqlite_version_number();

/// The features of a SQLite library that matter to onewriter.
struct library_features {
  /// At least 3.35.0 is needed, which brought RETURNING.
  int version_number = 0;
  /// Compile-time option SQLITE_THREADSAFE=1 or 2.
  bool thread_safe = false;
  /// Compile-time option SQLITE_ENABLE_FTS5.
  bool has_fts5 = false;
};

/// Returns the features of the SQLite library that is in use. Looks for the
/// FTS5 module itself, because a library need not tell its compile-time
/// options.
library_features features_of_library();

/// Fails with `ec::missing_feature`, naming the compile-time option, if
/// `features` lacks something that onewriter needs.
[[nodiscard]] caf::error check_features(const library_features& features
                                        = features_of_library());

} // namespace onewriter::sqlite
