#pragma once

#include <memory>

struct sqlite3;
struct sqlite3_file;
struct sqlite3_stmt;
struct sqlite3_backup;

namespace onewriter::sqlite {

/// Closes a database handle. A handle with open statements becomes a zombie
/// that lives until the last of them is finalized
/// (https://sqlite.org/c3ref/close.html); `connection::close` never leaves any
/// open.
struct database_closer {
  void operator()(sqlite3* db) const noexcept;
};

/// Finalizes a prepared statement.
struct statement_closer {
  void operator()(sqlite3_stmt* stmt) const noexcept;
};

/// Ends an online backup, finished or not.
struct backup_closer {
  void operator()(sqlite3_backup* backup) const noexcept;
};

using database_ptr = std::unique_ptr<sqlite3, database_closer>;

using statement_ptr = std::unique_ptr<sqlite3_stmt, statement_closer>;

using backup_ptr = std::unique_ptr<sqlite3_backup, backup_closer>;

/// Returns the open file that `op` asks for, SQLITE_FCNTL_FILE_POINTER or
/// SQLITE_FCNTL_JOURNAL_POINTER
/// (https://sqlite.org/c3ref/c_fcntl_begin_atomic_write.html); null if it is
/// not open.
sqlite3_file* file_of(sqlite3* db, int op);

} // namespace onewriter::sqlite
