#pragma once

#include "onewriter/compat/errors.hpp"
#include "onewriter/compat/inspection.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace onewriter {

/// Why a request failed, from the caller's point of view. `advice_of` groups
/// the codes by what the caller can do. Values travel between nodes and are
/// stored with dead letters: append, never renumber.
enum class ec : uint8_t {
  /// Not an error.
  none = 0,

  // -- try again: nothing was changed, the same request may succeed later -----

  /// The queue is full or has been slow for too long; nothing was queued.
  overloaded,
  /// Another program has held the file's lock for longer than the request may
  /// wait.
  busy,
  /// The disk is full.
  disk_full,
  /// The operating system failed to read, write or sync the file.
  io_error,
  /// The request needs more memory than is available; only this request was
  /// undone.
  out_of_memory,
  /// The request's deadline passed before it was run.
  deadline_exceeded,
  /// The actor that held the request stopped before it ran.
  unavailable,

  // -- check the outcome first: it may or may not have happened -----------------

  /// The commit failed, and its outcome could not be determined.
  outcome_unknown,

  // -- fix the request ------------------------------------------------------------

  /// The SQL does not parse, or names a table or column that does not exist.
  invalid_sql,
  /// The request contains a statement without any SQL, or no statement at all.
  empty_statement,
  /// One statement's text holds a second statement.
  multiple_statements,
  /// Too few, too many or misnamed parameters.
  invalid_parameters,
  /// The SQL does what only the owner of the file may do: transaction control,
  /// ATTACH, most PRAGMAs, temporary objects, onewriter's own tables.
  not_allowed,
  /// A constraint of the schema was violated, now or at commit.
  constraint_violated,
  /// A statement changed another number of rows than the request demanded.
  unexpected_changes,
  /// A value, a statement or a result exceeds a size limit.
  too_big,
  /// A text is not valid UTF-8.
  invalid_text,
  /// A number is NaN, which SQLite would store as NULL.
  not_a_number,
  /// The request ran longer than it may and was rolled back.
  run_limit_exceeded,
  /// A query would have changed the database.
  not_a_query,
  /// The idempotency key was used before, for another request.
  idempotency_mismatch,
  /// No function is registered under this name.
  no_such_function,
  /// A function of the embedding program failed or threw.
  function_failed,
  /// No index has this name.
  no_such_index,
  /// The search expression does not parse.
  invalid_search,
  /// A document cannot be read: missing, unreadable, or no regular file.
  unreadable_document,
  /// A document changed while it was being read. The same request can be sent
  /// again: `advice::retry`.
  document_changed,
  /// The index job was cancelled.
  cancelled,
  /// No dead letter has this number.
  no_such_dead_letter,
  /// The cursor was closed, or idle for too long.
  cursor_closed,
  /// A name, a path, a limit or another argument is out of range.
  invalid_argument,
  /// The target of a backup exists already.
  target_exists,

  // -- give up: a person has to intervene ---------------------------------------

  /// The database was closed by request.
  closed,
  /// The file is damaged.
  corrupt,
  /// The file is not a SQLite database, or it is encrypted.
  not_a_database,
  /// The file or its folder does not exist or cannot be opened.
  cannot_open,
  /// The file or its folder may not be written.
  read_only,
  /// The database cannot use a write-ahead log.
  no_write_ahead_log,
  /// The file is on a network file system, where a write-ahead log is not safe.
  network_file_system,
  /// The file was written by a newer version of onewriter.
  newer_schema,
  /// This SQLite lacks a feature that is needed.
  missing_feature,
  /// The file was deleted or replaced while it was open.
  file_replaced,
  /// An actor failed more often than its supervisor tolerates.
  restart_limit,
  /// SQLite or onewriter violated its own invariant: please report it.
  internal,
  /// The file or its log would exceed the process's limit on the size of files
  /// (RLIMIT_FSIZE).
  file_size_limit,
};

/// The number of codes; every smaller integer is a code.
inline constexpr uint8_t ec_count
  = static_cast<uint8_t>(ec::file_size_limit) + 1;

/// What a caller can do about an error.
enum class advice : uint8_t {
  /// There is no error.
  none,
  /// Send the same request again, later.
  retry,
  /// Find out whether it happened before doing anything; a request with an
  /// idempotency key can simply be sent again.
  check_outcome,
  /// Change the request: it can never succeed unchanged.
  fix_request,
  /// Ask a person to intervene; no request will succeed until then.
  give_up,
};

advice advice_of(ec code);

ONEWRITER_COMPAT_DECLARE_COMPARISON(ec)

std::string to_string(advice x);

std::string to_string(ec x);

bool from_string(std::string_view str, ec& x);

bool from_integer(uint8_t value, ec& x);

template <class Inspector>
auto inspect(Inspector& f, ec& x) -> decltype(compat::inspect_enum(f, x)) {
  return compat::inspect_enum(f, x);
}

} // namespace onewriter
