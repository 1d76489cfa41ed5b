#pragma once

#include "actors/core/database_core.hpp"
#include "actors/writer/completion/best_effort_batch.hpp"

#include <cstdint>

namespace onewriter {

/// What became of the best-effort messages that a writer holds, told to the
/// database once all of them are settled. Belongs to one incarnation of the
/// writer and its thread.
class best_effort_report {
public:
  explicit best_effort_report(database_core_actor database);

  /// Counts a message that will be settled.
  void expect();

  /// Settles a message that was run.
  void count(bool written);

  /// Gives a message back to the database, or counts it as unknown where it is
  /// uncertain whether its commit took effect.
  void give_back(best_effort message, const pending_write& what);

  /// Gives messages back that this writer never expected.
  void give_back(best_effort_batch batch);

  /// Sends the report, once everything expected is settled.
  void send();

private:
  database_core_actor database_;
  best_effort_done done_;
  uint64_t pending_ = 0;
};

} // namespace onewriter
