#pragma once

#include "actors/core/pending_write.hpp"
#include "actors/sqlite/connection.hpp"
#include "onewriter/options.hpp"

#include <map>
#include <string>

namespace onewriter {

/// Runs one request inside a transaction that is open already: statements,
/// functions, demands, idempotency keys, dead letters. Knows nothing about the
/// other requests that share the transaction. Lives on the writer's thread.
class request_runner {
public:
  request_runner(sqlite::connection& db, const options& opts);

  /// Runs `what` and fills in `receipt`, as part of the batch `number`. After
  /// an error it is up to the caller to undo what the request did before it.
  [[nodiscard]] caf::error run(const pending_write& what, uint64_t number,
                               write_receipt& receipt);

  /// Whether a failure of `what` can leave changes behind that only a savepoint
  /// undoes. A single statement undoes itself, which saves the two extra
  /// statements in the common case; the exceptions to that are noticed
  /// afterwards.
  static bool needs_savepoint(const pending_write& what);

  /// Whether the last request failed only because the transaction it ran in had
  /// outgrown the page cache: in one of its own it may succeed.
  bool wants_own_transaction() const {
    return wants_own_transaction_;
  }

private:
  caf::error run_request(const write& what, write_receipt& receipt);

  caf::error run_request(const call& what, write_receipt& receipt);

  caf::error run_request(const transaction& what, write_receipt& receipt);

  caf::error run_request(const best_effort& what, write_receipt& receipt);

  caf::error run_request(const internal_task& what, write_receipt& receipt);

  caf::error run_request(const replay_dead_letter& what,
                         write_receipt& receipt);

  template <class Request, class F>
  caf::error run_once(const Request& what, write_receipt& receipt, F&& run);

  caf::error run_statement(const statement& what, int32_t position,
                           write_receipt& receipt);

  template <class F>
  caf::error run_function(F&& function, write_receipt& receipt);

  sqlite::connection& db_;
  const std::map<std::string, named_function>& functions_;
  caf::error keep_rows(result_set rows, write_receipt& receipt);

  // What one request may return, and what it may still return.
  sqlite::result_limits limits_;
  sqlite::result_limits room_;
  uint64_t number_ = 0;
  bool wants_own_transaction_ = false;
};

} // namespace onewriter
