#pragma once

#include "onewriter/compat/inspection.hpp"
#include "onewriter/ec.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace onewriter {

/// What every error of onewriter carries beside its code. Bound values never
/// appear in it: they may be secrets.
struct failure {
  /// What happened and what to do about it, for a person.
  std::string message;
  /// SQLite's extended result code (https://sqlite.org/rescode.html), or 0
  /// where SQLite was not asked.
  int32_t sqlite_code = 0;
  /// Position of the statement in its request, from 0; -1 where no single
  /// statement is to blame.
  int32_t statement = -1;
  /// Text of that statement, without its values.
  std::string sql;
  /// When it makes sense to send the request again; zero where it does not.
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

/// Makes an error of code `code` that carries `what`.
caf::error make_failure(ec code, failure what);

/// Makes an error of code `code` that carries only a message.
caf::error make_failure(ec code, std::string message);

/// Returns what `err` carries; for an error of CAF's own, its rendering as
/// message.
failure failure_of(const caf::error& err);

/// Returns the code of `err`: `ec::none` for no error, and for CAF's own errors
/// what they mean to a caller (`ec::unavailable` where the actor is gone,
/// `ec::deadline_exceeded` where the reply did not come in time, else
/// `ec::internal`).
ec code_of(const caf::error& err);

/// Renders code, message, SQLite's code, statement and SQL on one line.
std::string describe(const caf::error& err);

} // namespace onewriter
