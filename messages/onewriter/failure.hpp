#pragma once

#include "onewriter/compat/inspection.hpp"
#include "onewriter/ec.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace onewriter {

/// The context that every error of onewriter carries beside its code. Bound
/// values never appear in it: they may be secrets.
struct failure {
  /// Text for people: what happened and what to do about it.
  std::string message;
  /// SQLite's extended result code (https://sqlite.org/rescode.html), or 0 if
  /// SQLite was not asked.
  int32_t sqlite_code = 0;
  /// Position of the statement in its request, from 0; -1 if no single
  /// statement is the cause.
  int32_t statement = -1;
  /// Text of that statement, without its values.
  std::string sql;
  /// How long to wait before sending the request again; zero if unknown.
  std::chrono::nanoseconds retry_after{0};
};

template <class Inspector>
auto inspect(Inspector& f, failure& x) {
  return compat::inspect_object(f, x, compat::field("message", x.message),
                                compat::field("sqlite_code", x.sqlite_code),
                                compat::field("statement", x.statement),
                                compat::field("sql", x.sql),
                                compat::field("retry_after", x.retry_after));
}

/// Makes an error with the code `code` that carries `what`.
caf::error make_failure(ec code, failure what);

/// Makes an error with the code `code` that carries only a message.
caf::error make_failure(ec code, std::string message);

/// Returns the context of `err`; for CAF's own errors, their rendering as
/// message.
failure failure_of(const caf::error& err);

/// Returns the code of `err`: `ec::none` for no error, and for CAF's own errors
/// what they mean to a caller (`ec::unavailable` if the actor is gone,
/// `ec::deadline_exceeded` if the reply did not come in time, else
/// `ec::internal`).
ec code_of(const caf::error& err);

/// Renders code, message, SQLite's code, statement and SQL on one line.
std::string describe(const caf::error& err);

} // namespace onewriter
