#pragma once

#include "actors/core/database_core.hpp"
#include "actors/core/metrics.hpp"
#include "actors/policy/arrival_ledger.hpp"
#include "actors/writer/completion/best_effort_report.hpp"
#include "actors/writer/completion/dead_letter_filing.hpp"
#include "actors/writer/completion/outcome.hpp"
#include "onewriter/options.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

namespace onewriter {

/// Completes requests: replies to their senders, updates the metrics, informs
/// the database, and files dead letters for requests without a waiting caller.
/// Belongs to one incarnation of the writer.
class completion {
public:
  /// `self` is the writer.
  completion(caf::local_actor* self, database_core_actor database,
             std::shared_ptr<const options> opts, metrics_ptr shared);

  /// Registers a request that will be completed.
  void expect(const pending_write& what);

  /// Answers requests that were run. A request is counted before its reply is
  /// sent.
  void settle(std::vector<outcome>& xs);

  /// Answers a request that was not run or not finished.
  void refuse(pending_write_ptr what, const caf::error& reason);

  /// What became of best-effort messages.
  best_effort_report& best_effort_messages() {
    return best_effort_;
  }

  /// Dead letters of what was answered, and other requests of onewriter's own
  /// that follow from it.
  dead_letter_filing& letters() {
    return letters_;
  }

  /// Returns whether dead letters were added or removed since the last call.
  bool take_letters_changed();

  /// Answered requests whose memory can be reused.
  std::vector<pending_write_ptr>& recyclable() {
    return recyclable_;
  }

  /// Arrival time of the oldest request that is not completed.
  std::optional<pending_write::clock::time_point> oldest() const {
    return arrivals_.oldest();
  }

  /// Forgets all registered requests: they go to the next writer.
  void forget_arrivals() {
    arrivals_.clear();
  }

private:
  // Counts that are added to the metrics once for many requests, because after
  // each update the database's thread has to fetch the metrics again.
  struct settled_counts {
    uint64_t committed = 0;
    uint64_t finished = 0;
    uint64_t finished_bytes = 0;
    uint64_t acknowledged = 0;
    uint64_t expired = 0;
    uint64_t failed = 0;
  };

  void count(const outcome& x, pending_write::clock::time_point now);

  void publish_counts();

  void answer(outcome& x, caf::local_actor* where);

  void keep_for_reuse(pending_write_ptr what);

  void note_duration(outcome& x);

  caf::local_actor* self_;
  database_core_actor database_;
  std::shared_ptr<const options> opts_;
  metrics_ptr shared_;
  arrival_ledger arrivals_;
  // Not published yet.
  settled_counts counts_;
  best_effort_report best_effort_;
  dead_letter_filing letters_;
  std::vector<pending_write_ptr> recyclable_;
  bool letters_changed_ = false;
  // Shorter ones are not worth a message.
  std::chrono::nanoseconds longest_{std::chrono::milliseconds{1}};
};

} // namespace onewriter
