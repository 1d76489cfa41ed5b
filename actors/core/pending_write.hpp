#pragma once

#include "actors/core/session_position.hpp"
#include "actors/core/write_reply.hpp"
#include "actors/policy/lane.hpp"
#include "actors/sqlite/schema.hpp"
#include "onewriter/protocol.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace onewriter {

namespace sqlite {

class connection;

} // namespace sqlite

/// A function of onewriter's own that runs on the writer's connection in one
/// transaction with other work. Like a `transaction`, but it may touch
/// onewriter's tables.
struct internal_task {
  /// For the log.
  std::string name;
  std::function<caf::expected<result_set>(sqlite::connection&)> function;
};

/// The requests that the writer can run.
using work_request = std::variant<write, call, transaction, best_effort,
                                  internal_task, replay_dead_letter>;

/// One request that the database accepted. It is passed to the writer and, if
/// the writer fails, back again.
struct pending_write {
  using clock = std::chrono::steady_clock;

  work_request request;
  lane in = lane::normal;
  /// Whether it counts as a pending write: true for those of the database's
  /// clients, false for onewriter's own.
  bool counted = false;
  /// If no caller waits, the request becomes a dead letter when it fails.
  write_reply reply;
  /// Whether it adds or removes dead letters.
  bool changes_letters = false;
  /// Identifies the sender, for fairness; 0 for senders without an address.
  uint64_t sender = 0;
  clock::time_point arrived;
  /// When it expires; `time_point::max()` for never.
  clock::time_point expires = clock::time_point::max();
  /// How long it may run; zero for the writer's limit.
  std::chrono::nanoseconds run_limit{0};
  /// Approximate size in memory.
  size_t bytes = 0;
  /// Number of attempts that failed without its own fault.
  uint32_t attempts = 0;
  /// The batch whose COMMIT failed with this request in it; number 0 if none
  /// did. While it is set, the outcome of the request is unknown.
  sqlite::commit_token uncertain_commit;
  /// The receipt for the request if that batch took effect.
  write_receipt receipt;
  /// Makes sure that the request takes effect at most once, however often it is
  /// sent. Ignored where the request has an idempotency key of its own. Only
  /// requests with a waiting caller have one.
  session_position position;
};

using pending_write_ptr = std::shared_ptr<pending_write>;

/// Returns whether `x` is short work of onewriter's own that would be lost if
/// it were refused: the storing of a dead letter, for instance, but no chunk.
bool is_housekeeping(const pending_write& x);

/// Returns the first SQL or the name of what `x` runs, for people.
const std::string& title_of(const pending_write& x);

/// Returns `x` as a dead letter that failed with `reason`; nothing if `x` is a
/// kind of request that cannot be stored.
std::optional<dead_letter> to_letter(const pending_write& x,
                                     const caf::error& reason);

} // namespace onewriter
