#pragma once

#include "onewriter/failure.hpp"
#include "onewriter/write.hpp"

#include <caf/expected.hpp>

#include <chrono>
#include <functional>
#include <utility>

namespace onewriter {

/// The connection as seen by a function that runs inside a transaction. Valid
/// only during the call, on the thread that makes it.
class session {
public:
  virtual ~session();

  /// Runs one statement; rows that it returns (SELECT, RETURNING) are in the
  /// result. A failed statement leaves the transaction as it was before, except
  /// if SQLite has rolled all of it back (`OR ROLLBACK`, a full disk), or if
  /// the function has changed more pages than the page cache holds
  /// (`options::cache_bytes`): then every further statement fails, too, and so
  /// does the request, but in the second case the function is run once more,
  /// with all pages in memory; should they be more than 16 times the cache, it
  /// gets `ec::too_big`. The request fails also after `ec::run_limit_exceeded`.
  [[nodiscard]] virtual caf::expected<result_set> run(const statement& what)
    = 0;

  /// Rows changed by the last statement.
  virtual int64_t changes() const = 0;

  /// Rowid of the last row inserted into the database.
  virtual int64_t last_insert_rowid() const = 0;

  /// `session.run("SELECT a FROM t WHERE id = ?", 5)`.
  template <class... Ts>
  [[nodiscard]] caf::expected<result_set> run(std::string sql, Ts&&... xs) {
    return run(statement{std::move(sql), std::forward<Ts>(xs)...});
  }
};

/// Reads, decides and writes inside one transaction. An error undoes everything
/// that the function did and goes to the caller: unchanged if it is an `ec`
/// that is not about the connection, else within `ec::function_failed`. Runs on
/// the thread that runs the writer (see `writer_thread`), which may be another
/// one for each call, so it must not block and may use only its session and its
/// own data. May run more than once for one request (if another request in
/// its transaction failed, or the writer was restarted), but is committed at
/// most once: it must have no effects outside of the database.
using transaction_function = std::function<caf::expected<result_set>(session&)>;

/// A function that a `call` names.
using named_function = std::function<caf::expected<result_set>(
  session&, const std::vector<value>& arguments)>;

/// Asks, within one process, to run a function as a part of the writer.
/// Replaces BEGIN, statements and COMMIT on a separate connection. Reply,
/// deadline and limits as for `write`, except that the limit on running time
/// stops statements and not the function's own code. The result of the function
/// is `write_receipt::returned`. Error: `ec::function_failed` if it throws.
struct transaction {
  transaction_function function;
  enum priority priority = priority::normal;
  std::chrono::nanoseconds deadline{0};
  std::chrono::nanoseconds run_limit{0};
};

} // namespace onewriter

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(onewriter::transaction)
