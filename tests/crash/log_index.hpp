#pragma once

#include <string>

namespace onewriter::test {

/// Whether a process died while it copied the log of `database` into the file,
/// going by what it has left in the log's index
/// (https://sqlite.org/walformat.html#the_wal_index_file_format). Means nothing
/// before the process has finished a first checkpoint, because recovery leaves
/// the same traces. To be called while the database is closed.
bool died_in_checkpoint(const std::string& database);

} // namespace onewriter::test
