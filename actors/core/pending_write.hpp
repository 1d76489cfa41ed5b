#pragma once

#include "actors/core/pending_reply.hpp"
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

/// What the writer can be asked to do.
using work_request = std::variant<write, call, transaction, best_effort,
                                  internal_task, replay_dead_letter>;

/// One request that the database accepted, on its way to the writer and, when
/// the writer fails, back again.
struct pending_write {
  using clock = std::chrono::steady_clock;

  work_request request;
  lane in = lane::normal;
  /// Whether it counts among the pending writes: those of the database's
  /// clients do, onewriter's own do not.
  bool counted = false;
  /// What nobody waits for ends as a dead letter when it fails.
  pending_reply reply;
  /// Whether it adds or removes dead letters.
  bool changes_letters = false;
  /// Tells senders apart, for fairness; 0 for those without an address.
  uint64_t sender = 0;
  clock::time_point arrived;
  /// When it expires; `time_point::max()` for never.
  clock::time_point expires = clock::time_point::max();
  /// How long it may run; zero for the writer's limit.
  std::chrono::nanoseconds run_limit{0};
  /// What it occupies in memory, roughly.
  size_t bytes = 0;
  /// How often it was tried and came to nothing through no fault of its own.
  uint32_t attempts = 0;
  /// The batch whose COMMIT failed with this request in it; number 0 if none
  /// did. While it is set nobody knows whether the request took effect.
  sqlite::commit_token uncertain_commit;
  /// The receipt that it gets if that batch did take effect.
  write_receipt receipt;
};

using pending_write_ptr = std::shared_ptr<pending_write>;

/// Returns the first SQL or the name of what `x` runs, for people.
const std::string& title_of(const pending_write& x);

/// Returns `x` as a dead letter that failed with `reason`; nothing where `x` is
/// not the kind of request that can be stored.
std::optional<dead_letter> to_letter(const pending_write& x,
                                     const caf::error& reason);

} // namespace onewriter
