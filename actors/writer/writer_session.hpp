#pragma once

#include "actors/sqlite/connection.hpp"
#include "onewriter/transaction.hpp"

namespace onewriter {

/// Returns the rows that the last statement of `db` changed, given the value of
/// `total_changes` before it. SQLite's own count still refers to an earlier
/// statement if the last one was no INSERT, UPDATE or DELETE.
int64_t changes_since(const sqlite::connection& db, int64_t total_before);

/// Makes the error of a statement that changed `changed` rows instead of the
/// expected number.
caf::error unexpected_changes(const statement& what, int64_t changed);

/// The writer's connection as seen by a function of the embedding program. Once
/// the transaction is lost (a conflict clause or a trigger rolled it back, or
/// the connection failed), every further statement is refused: it would run
/// outside of any transaction. The same holds once a statement has failed in a
/// transaction that has outgrown the page cache: see
/// `sqlite::connection::has_spilled`.
class writer_session : public session {
public:
  explicit writer_session(sqlite::connection& db, sqlite::result_limits limits)
    : db_{db},
      limits_{limits} {
    // nop
  }

  using session::run;

  caf::expected<result_set> run(const statement& what) override;

  int64_t changes() const override;

  int64_t last_insert_rowid() const override;

  /// Returns the error that made the transaction unusable, even if the function
  /// ignored it; none while it is usable.
  const caf::error& broken() const {
    return broken_;
  }

  /// Whether it is unusable because it has outgrown the page cache.
  bool outgrown() const {
    return outgrown_;
  }

  /// Whether the function has tried to run a statement after that.
  bool was_refused() const {
    return refused_;
  }

  /// Rows changed by all statements so far.
  int64_t all_changes() const {
    return all_changes_;
  }

private:
  void note_failure(const statement& what, const caf::error& reason);
  caf::expected<result_set> run_caught(const statement& what);

  sqlite::connection& db_;
  sqlite::result_limits limits_;
  caf::error broken_;
  bool outgrown_ = false;
  bool refused_ = false;
  int64_t changes_ = 0;
  int64_t all_changes_ = 0;
};

} // namespace onewriter
