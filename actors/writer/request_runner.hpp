#pragma once

#include "actors/core/pending_write.hpp"
#include "actors/sqlite/connection.hpp"
#include "actors/writer/session_ledger.hpp"
#include "onewriter/options.hpp"

#include <map>
#include <string>

namespace onewriter {

/// Runs one request inside an open transaction: statements, functions, expected
/// changes, idempotency keys, sessions, dead letters. Independent of the other
/// requests in the transaction. Runs on the writer's thread.
class request_runner {
public:
  request_runner(sqlite::connection& db, const options& opts);

  /// Runs `what` and fills in `receipt`, as part of the batch `number`. After
  /// an error the caller has to undo the request's changes.
  [[nodiscard]] caf::error run(const pending_write& what, uint64_t number,
                               write_receipt& receipt);

  /// Returns whether a failure of `what` can leave changes that only a
  /// savepoint undoes. A single statement undoes itself, which saves the two
  /// extra statements in the common case; exceptions are detected afterwards.
  static bool needs_savepoint(const pending_write& what);

  /// Returns whether the last request failed only because its transaction had
  /// outgrown the page cache: in its own transaction it may succeed.
  bool wants_own_transaction() const {
    return wants_own_transaction_;
  }

  /// What is known of sessions. The caller has to `confirm` the receipt of a
  /// request that became part of the transaction, and to say what becomes of
  /// that.
  session_ledger& sessions() {
    return sessions_;
  }

private:
  template <class F>
  caf::error
  run_at(const session_position& position, write_receipt& receipt, F&& run);

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

  session_ledger sessions_;
  // The limits of one request's result, and the remaining ones.
  sqlite::result_limits limits_;
  sqlite::result_limits room_;
  uint64_t number_ = 0;
  bool wants_own_transaction_ = false;
};

} // namespace onewriter
