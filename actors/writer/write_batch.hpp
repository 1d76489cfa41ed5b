#pragma once

#include "actors/core/pending_write.hpp"
#include "actors/sqlite/connection.hpp"
#include "actors/sqlite/schema.hpp"
#include "actors/writer/completion/outcome.hpp"
#include "actors/writer/request_runner.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <random>
#include <vector>

namespace onewriter {

/// Requests that share a transaction but are isolated from each other's
/// failures.
///
/// `begin`, then `add` for each request, then `commit`. A request that fails
/// alone is undone alone. One that takes the whole transaction with it (by a
/// conflict clause, a trigger or an interrupt) or that leaves something behind
/// (changes of a failed statement, a foreign key that would fail the commit, a
/// schema that would affect onewriter's own tables) is detected at once: the
/// transaction is rolled back, the earlier requests are run again and committed
/// without it, and a new transaction continues after it. So `n` requests, `k`
/// of them of that kind, cost at most `2n` runs and `k + 1` commits, as long as
/// a request that ran once runs again. A request that runs out of memory, or
/// throws, counts as one of that kind.
///
/// If the transaction has outgrown the page cache, every request that fails is
/// of that kind: undoing it alone is not safe there (see
/// `sqlite::connection::has_spilled`). Keeping all pages in memory instead
/// would be: but then a large index could not be created without as much
/// memory. A function that continues after a failed statement runs again in its
/// own transaction, whose pages all stay in memory; if these are more than
/// `sqlite::connection::keeps_too_much` allows, it gets `ec::too_big`.
///
/// Runs on the writer's thread. After an error of any of its functions the
/// batch is over: `take_unfinished` returns what was not decided. `ec::busy`
/// leaves the connection as it was; after any other error it must not be used
/// any more.
class write_batch {
public:
  write_batch(sqlite::connection& db, request_runner& runner,
              std::chrono::nanoseconds run_limit, sqlite::commit_token last);

  /// Starts a transaction. Error: `ec::busy` while another program holds the
  /// file's lock.
  [[nodiscard]] caf::error begin();

  /// Runs a request within the transaction. If it throws, either `what` still
  /// has the request or `take_unfinished` returns it.
  [[nodiscard]] caf::error add(pending_write_ptr&& what);

  /// Commits the added requests. After an error the outcome is unknown:
  /// `pending_write::uncertain_commit` is set.
  [[nodiscard]] caf::error commit();

  /// Rolls back the added requests, without deciding them.
  void abandon() noexcept;

  bool in_transaction() const {
    return open_;
  }

  /// Returns when the last request ended, or the transaction began: about the
  /// current time. Cheaper than reading the clock for each request.
  std::chrono::steady_clock::time_point running_since() const {
    return running_since_;
  }

  /// Replaces the content of `to` by the outcomes decided since the last call,
  /// in order. Passing the same vector again reuses its memory.
  void take_outcomes(std::vector<outcome>& to);

  /// Returns the requests that were added and not decided, in order.
  std::vector<pending_write_ptr> take_unfinished();

  /// Returns the commit token of the last commit.
  sqlite::commit_token last() const {
    return last_;
  }

  uint64_t commits() const {
    return commits_;
  }

  /// Returns whether the error that ended the batch occurred while one request
  /// ran, or while it was committed alone: the request may be the cause.
  bool has_suspect() const {
    return has_suspect_;
  }

  /// Returns how often requests had to be run again.
  uint64_t repeated() const {
    return repeated_;
  }

private:
  using clock = std::chrono::steady_clock;

  // The effect of a request on the transaction.
  enum class effect : uint8_t {
    // The request is part of it.
    joined,
    // The request failed and was undone.
    undone,
    // The request failed and the transaction is gone or tainted.
    ruined,
    // The same, but the request may succeed in a transaction of its own that
    // does not spill.
    crowded,
    // The connection cannot be used any more.
    fatal,
  };

  effect run(outcome& member);

  effect run_caught(outcome& member);

  effect run_guarded(outcome& member);

  effect after_failure(bool guarded, int64_t changes_before);

  caf::error run_again(bool each_alone);

  caf::error begin(bool in_memory);

  caf::error run_last(bool& ruined);

  void set_members_aside();

  caf::error commit_members();

  caf::error commit_now(sqlite::commit_token mark);

  void put_in_doubt(sqlite::commit_token mark) noexcept;

  caf::error commit_each(caf::error reason);

  caf::error after_failed_commit(caf::error reason, sqlite::commit_token mark);

  void decide_last();

  sqlite::connection& db_;
  request_runner& runner_;
  std::chrono::nanoseconds run_limit_;
  sqlite::commit_token last_;
  std::mt19937_64 nonces_;
  bool open_ = false;
  uint64_t commits_ = 0;
  uint64_t repeated_ = 0;
  bool has_suspect_ = false;
  clock::time_point running_since_;
  // In the open transaction, in order.
  std::vector<outcome> members_;
  // To be run again, in order, before anything else is added.
  std::deque<outcome> again_;
  std::vector<outcome> decided_;
};

} // namespace onewriter
