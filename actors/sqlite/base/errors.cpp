#include "actors/sqlite/base/errors.hpp"

#include "actors/sqlite/base/handles.hpp"
#include "actors/text/utf8.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <utility>

namespace onewriter::sqlite {

namespace {

constexpr size_t max_sql_bytes = 1'000;

struct mapping {
  int sqlite_code;
  ec code;
};

// Codes whose meaning differs from that of their primary code.
constexpr mapping extended_codes[] = {
  // The virtual table's content is inconsistent, usually because the triggers
  // do not keep a full-text index in step. The file is intact.
  {SQLITE_CORRUPT_VTAB, ec::invalid_sql},
  {SQLITE_IOERR_NOMEM, ec::out_of_memory},
  {SQLITE_IOERR_CORRUPTFS, ec::corrupt},
  {SQLITE_IOERR_DATA, ec::corrupt},
  // Another program has truncated the file or its log.
  {SQLITE_IOERR_SHORT_READ, ec::corrupt},
  {SQLITE_READONLY_DBMOVED, ec::file_replaced},
};

constexpr mapping primary_codes[] = {
  {SQLITE_OK, ec::none},
  {SQLITE_ROW, ec::none},
  {SQLITE_DONE, ec::none},
  {SQLITE_ERROR, ec::invalid_sql},
  {SQLITE_PERM, ec::cannot_open},
  {SQLITE_BUSY, ec::busy},
  // A conflict with another statement on the same connection, never with
  // another program.
  {SQLITE_LOCKED, ec::invalid_sql},
  {SQLITE_NOMEM, ec::out_of_memory},
  {SQLITE_READONLY, ec::read_only},
  {SQLITE_INTERRUPT, ec::run_limit_exceeded},
  {SQLITE_IOERR, ec::io_error},
  {SQLITE_CORRUPT, ec::corrupt},
  {SQLITE_FULL, ec::disk_full},
  {SQLITE_CANTOPEN, ec::cannot_open},
  // Lost repeated races for locks on the log.
  {SQLITE_PROTOCOL, ec::busy},
  // Another program changed the schema each time the statement was prepared.
  {SQLITE_SCHEMA, ec::busy},
  {SQLITE_TOOBIG, ec::too_big},
  {SQLITE_CONSTRAINT, ec::constraint_violated},
  {SQLITE_MISMATCH, ec::constraint_violated},
  {SQLITE_NOLFS, ec::disk_full},
  {SQLITE_AUTH, ec::not_allowed},
  {SQLITE_FORMAT, ec::not_a_database},
  {SQLITE_RANGE, ec::invalid_parameters},
  {SQLITE_NOTADB, ec::not_a_database},
};

// Returns advice, if SQLite's message has none.
const char* hint_for(int extended_code) {
  switch (extended_code) {
    case SQLITE_CORRUPT_VTAB:
      return "; a virtual table is inconsistent: rebuild it, and make sure "
             "that the code that fills it keeps it in step with its content";
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return "; there is a row with this key already";
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return "; the row that is referred to does not exist, or is still "
             "referred to";
    default:
      return "";
  }
}

const char* hint_for(ec code) {
  switch (code) {
    case ec::busy:
      return "; another program holds the file's lock: try again later";
    case ec::disk_full:
      return "; make room on the disk, or in the folder for temporary files";
    case ec::file_size_limit:
      return ": the file or its log would exceed the limit on the size of "
             "files of this process; raise it (ulimit -f, LimitFSIZE=)";
    case ec::out_of_memory:
      return "; the process has no memory left";
    case ec::io_error:
      return "; the operating system failed: see its log";
    case ec::corrupt:
      return "; restore a backup, or save what can be saved with the .recover "
             "command of the sqlite3 shell";
    case ec::not_a_database:
      return "; check the path, or decrypt the file first";
    case ec::too_big:
      return "; a value, a row or the SQL is over the size limit";
    case ec::run_limit_exceeded:
      return ": the statement ran longer than it may";
    case ec::file_replaced:
      return "; the file was deleted, renamed or replaced while it was open";
    case ec::read_only:
      return "; make the file and its folder writable";
    default:
      return "";
  }
}

// Returns advice for SQL that does not match the schema.
const char* hint_for(std::string_view message) {
  auto starts_with = [&](std::string_view prefix) {
    return message.substr(0, prefix.size()) == prefix;
  };
  if (starts_with("no such table"))
    return "; create it first";
  if (starts_with("no such column"))
    return "; compare the statement with the schema";
  if (starts_with("incomplete input"))
    return "; the statement ends too early";
  return "";
}

std::string message_of(sqlite3* db, int extended_code, ec code) {
  auto known = db != nullptr && sqlite3_extended_errcode(db) == extended_code;
  auto result
    = std::string{known ? sqlite3_errmsg(db) : sqlite3_errstr(extended_code)};
  auto hint = hint_for(extended_code);
  if (*hint == '\0')
    hint = hint_for(code);
  if (code == ec::invalid_sql && *hint == '\0')
    hint = hint_for(std::string_view{result});
  return result + hint;
}

std::string shortened(std::string_view sql) {
  if (sql.size() <= max_sql_bytes)
    return std::string{sql};
  auto head = sql.substr(0, max_sql_bytes);
  return std::string{head.substr(0, complete_prefix(head))} + "...";
}

bool is_name_byte(char c) {
  constexpr auto ascii_end = 0x80;
  auto byte = static_cast<unsigned char>(c);
  return byte >= ascii_end || (byte >= '0' && byte <= '9') || byte == '_'
         || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

size_t word_length(std::string_view text) {
  size_t result = 0;
  while (result < text.size() && is_name_byte(text[result]))
    ++result;
  return result;
}

// SQLite has made other calls before it reports the first error, so errno is
// unreliable and the files have to be checked.
bool has_met_size_limit(sqlite3* db) {
  for (auto which : {SQLITE_FCNTL_FILE_POINTER, SQLITE_FCNTL_JOURNAL_POINTER})
    if (auto file = file_of(db, which)) {
      int number = 0;
      auto rc
        = file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &number);
      if (rc == SQLITE_OK && number == EFBIG)
        return true;
    }
  return false;
}

} // namespace

ec ec_of(int extended_code) {
  for (auto& x : extended_codes)
    if (x.sqlite_code == extended_code)
      return x.code;
  for (auto& x : primary_codes)
    if (x.sqlite_code == (extended_code & 0xff))
      return x.code;
  return ec::internal;
}

caf::error make_error(sqlite3* db, int extended_code, std::string_view sql) {
  auto code = ec_of(extended_code);
  if (code == ec::io_error && has_met_size_limit(db))
    code = ec::file_size_limit;
  // Always returns an error.
  if (code == ec::none)
    code = ec::internal;
  return make_error(code, message_of(db, extended_code, code), sql,
                    extended_code);
}

caf::error make_error(ec code, std::string message, std::string_view sql,
                      int extended_code) {
  failure what;
  what.message = std::move(message);
  what.sqlite_code = extended_code;
  what.sql = shortened(sql);
  return make_failure(code, std::move(what));
}

caf::error at_statement(const caf::error& err, int32_t index) {
  auto what = failure_of(err);
  what.statement = index;
  return make_failure(code_of(err), std::move(what));
}

std::string without_words_of(std::string_view text, std::string_view sql,
                             std::string_view message) {
  constexpr auto none = std::string_view::npos;
  std::string result;
  while (!message.empty()) {
    auto word = message.substr(0, word_length(message));
    if (word.empty())
      word = message.substr(0, 1);
    else if (text.find(word) != none && sql.find(word) == none) {
      result += "...";
      message.remove_prefix(word.size());
      continue;
    }
    result += word;
    message.remove_prefix(word.size());
  }
  return result;
}

caf::error as_damage(const caf::error& err) {
  if (code_of(err) != ec::not_a_database)
    return err;
  auto what = failure_of(err);
  what.message
    = std::string{"the file has been a database, and another program "
                  "has damaged it or its write-ahead log"}
      + hint_for(ec::corrupt);
  return make_failure(ec::corrupt, std::move(what));
}

bool is_fatal(ec code) {
  switch (code) {
    case ec::disk_full:
    case ec::io_error:
    case ec::out_of_memory:
    case ec::corrupt:
    case ec::not_a_database:
    case ec::cannot_open:
    case ec::read_only:
    case ec::file_replaced:
    case ec::internal:
    case ec::file_size_limit:
      return true;
    default:
      return false;
  }
}

bool is_lasting(ec code) {
  return code == ec::file_size_limit;
}

bool is_transient(ec code) {
  return code == ec::busy || code == ec::disk_full || code == ec::io_error
         || code == ec::out_of_memory;
}

} // namespace onewriter::sqlite
