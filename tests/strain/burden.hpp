#pragma once

#include "onewriter/best_effort.hpp"
#include "onewriter/options.hpp"
#include "onewriter/transaction.hpp"
#include "onewriter/write.hpp"

#include <cstdint>
#include <string>

namespace onewriter::test {

/// A request that changes several times as many pages as a tiny page cache
/// holds, and then fails: by each kind of constraint, by RAISE, by OR ROLLBACK
/// and the like, by a limit, by a statement that is wrong, in the middle of a
/// statement of many rows, or in a function.
struct burden {
  /// Names the request; from 1.
  int64_t number = 1;
  /// Which way it fails, below `burden_count`.
  uint32_t way = 0;
  /// How often each page is changed before that, from 1: from the second time
  /// on, pages are spilled that are in the log already.
  uint32_t rounds = 1;

  /// Whether it is stopped after a time, in a transaction of its own.
  bool is_stopped() const;

  /// Returns burden `number`: all of it follows from the number.
  static burden of(uint64_t number);
};

inline constexpr uint32_t burden_count = 23;

std::string to_string(const burden& x);

/// Appends the statements that create the tables of burdens where they do not
/// exist.
void add_burden_tables(write& to);

/// Registers the function that `burden_call` names.
void add_burden_function(options& to);

// -- requests that fail ----------------------------------------------------------

write burden_write(const burden& x);

call burden_call(const burden& x);

transaction burden_transaction(const burden& x);

/// One statement, which fails on its way.
best_effort burden_best_effort(const burden& x);

/// Whether `code` is an error that the burden may end with, where nothing else
/// is wrong.
bool is_error_of(const burden& x, ec code);

// -- a request that succeeds -----------------------------------------------------

/// Does the same within a function and swallows the error of the statement that
/// fails: the transaction goes on as it was before that statement.
caf::error bear_burden(session& db, const burden& x);

/// Bears the burden first, and then carries out `what`.
transaction with_burden(const burden& x, write what);

/// Returns how many rows that changes.
int64_t changes_borne(const burden& x);

/// A statement without parameters that changes more pages than fit.
extern const char* const change_everything;

} // namespace onewriter::test
