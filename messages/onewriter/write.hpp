#pragma once

#include "onewriter/compat/inspection.hpp"
#include "onewriter/query.hpp"
#include "onewriter/value.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace onewriter {

/// How urgent a write is. Values are wire format: append, never renumber.
enum class priority : uint8_t {
  /// Before all other writes, for writes that must not wait behind a backlog.
  urgent,
  /// In turns with the other senders.
  normal,
  /// When nothing else is waiting, but at least its guaranteed share.
  background,
};

std::string to_string(priority x);

bool from_string(std::string_view str, priority& x);

bool from_integer(uint8_t value, priority& x);

template <class Inspector>
auto inspect(Inspector& f, priority& x)
  -> decltype(compat::inspect_enum(f, x)) {
  return compat::inspect_enum(f, x);
}

/// Asks to run statements in order, all of them or none.
///
/// Reply: a `write_receipt`, after the commit that contains the write. Retry:
/// safe after every error that `advice_of` calls `retry`; after
/// `ec::outcome_unknown` only with an idempotency key. A write that was sent
/// without waiting for a reply and fails goes to the dead letters; one that the
/// database refuses at once (`ec::overloaded`, `ec::closed`,
/// `ec::invalid_argument`) is only counted: storing it would take the room that
/// is missing.
struct write {
  std::vector<statement> statements;
  /// The lane that the write waits in.
  enum priority priority = priority::normal;
  /// How long the write may wait before it starts to run, from when the
  /// database receives it; zero means no limit. An expired write is never run:
  /// `ec::deadline_exceeded`.
  std::chrono::nanoseconds deadline{0};
  /// How long the write may run; zero means the limit of the database. A write
  /// with its own limit gets its own transaction, because an interrupt undoes
  /// the whole transaction. Error: `ec::run_limit_exceeded`.
  std::chrono::nanoseconds run_limit{0};
  /// Makes the write repeatable: it is stored in the same transaction, and the
  /// same write sent again under the same key gets the first receipt. At most
  /// 255 bytes; empty means none.
  std::string idempotency_key;

  write() = default;

  /// A write of one statement: `write{"INSERT INTO t VALUES(?, ?)", 1, "one"}`.
  template <class... Ts>
  explicit write(std::string sql, Ts&&... xs) {
    statements.emplace_back(std::move(sql), std::forward<Ts>(xs)...);
  }

  explicit write(std::vector<statement> xs) : statements{std::move(xs)} {
    // nop
  }

  /// Appends a statement.
  template <class... Ts>
  write& then(std::string sql, Ts&&... xs) {
    statements.emplace_back(std::move(sql), std::forward<Ts>(xs)...);
    return *this;
  }
};

template <class Inspector>
auto inspect(Inspector& f, write& x) {
  return compat::inspect_object(
    f, x, compat::field("statements", x.statements),
    compat::field("priority", x.priority),
    compat::field("deadline", x.deadline),
    compat::field("run_limit", x.run_limit),
    compat::field("idempotency_key", x.idempotency_key));
}

/// Confirms that a write is committed, and with `synchronous=FULL` synced.
struct write_receipt {
  /// Number of the commit in the history of the file, from 1, increasing;
  /// stored in the file, so that it continues after a restart.
  uint64_t commit = 0;
  /// Number of requests that shared the commit; 0 in the receipt of an earlier
  /// write (`repeated`), which was stored before that was known.
  uint32_t shared = 0;
  /// Rows inserted, updated or deleted by the statements themselves; rows
  /// changed by triggers and foreign key actions are not counted
  /// (https://sqlite.org/c3ref/changes.html).
  int64_t changes = 0;
  /// Rowid of the last row that the write inserted; 0 if it inserted none.
  int64_t last_insert_rowid = 0;
  /// What RETURNING clauses returned, one entry per statement that has one.
  std::vector<result_set> returned;
  /// Whether this is the receipt of an earlier write with the same key.
  bool repeated = false;
};

template <class Inspector>
auto inspect(Inspector& f, write_receipt& x) {
  return compat::inspect_object(
    f, x, compat::field("commit", x.commit), compat::field("shared", x.shared),
    compat::field("changes", x.changes),
    compat::field("last_insert_rowid", x.last_insert_rowid),
    compat::field("returned", x.returned),
    compat::field("repeated", x.repeated));
}

/// Asks to run the function registered as `name`, on the writer, in one
/// transaction. Reply, deadline, limits and keys as for `write`; the rows that
/// the function returns are `write_receipt::returned`. Error:
/// `ec::no_such_function`.
struct call {
  std::string name;
  std::vector<value> arguments;
  enum priority priority = priority::normal;
  std::chrono::nanoseconds deadline{0};
  std::chrono::nanoseconds run_limit{0};
  std::string idempotency_key;

  call() = default;

  template <class... Ts>
  explicit call(std::string function, Ts&&... xs)
    : name{std::move(function)},
      arguments{value{std::forward<Ts>(xs)}...} {
    // nop
  }
};

template <class Inspector>
auto inspect(Inspector& f, call& x) {
  return compat::inspect_object(
    f, x, compat::field("name", x.name),
    compat::field("arguments", x.arguments),
    compat::field("priority", x.priority),
    compat::field("deadline", x.deadline),
    compat::field("run_limit", x.run_limit),
    compat::field("idempotency_key", x.idempotency_key));
}

/// Returns the approximate size of `x` in memory: the measure of back-pressure.
size_t bytes_of(const write& x);

size_t bytes_of(const call& x);

} // namespace onewriter
