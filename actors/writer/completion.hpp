#pragma once

#include "actors/policy/arrival_ledger.hpp"
#include "actors/writer/sqlite_writer.hpp"
#include "actors/writer/write_batch.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace onewriter {

/// Tells everybody what became of requests: their senders, the metrics, the
/// database, and the dead letters for what nobody waits for. Belongs to one
/// incarnation of the writer.
class completion {
public:
  /// `self` is the writer.
  completion(caf::local_actor* self, database_core_actor database,
             std::shared_ptr<const options> opts, metrics_ptr shared);

  /// Takes note of a request that will be settled.
  void expect(const pending_write& what);

  /// Answers requests that were run. Whoever has a reply finds it counted.
  void settle(std::vector<outcome>& xs);

  /// Answers a request that was not run, or not to the end.
  void refuse(pending_write_ptr what, const caf::error& reason);

  /// Gives a best-effort message back to the database, or drops it where nobody
  /// knows whether it was written.
  void give_back(best_effort message, const pending_write& what);

  /// Gives messages back that this writer never expected.
  void give_back(best_effort_batch batch);

  /// Tells the database about best-effort messages, once all are settled.
  void report_best_effort();

  /// Returns what has to be written because of what was settled, as work that
  /// nobody waits for.
  std::vector<pending_write_ptr> take_follow_ups();

  /// Lets a task of onewriter's own follow.
  void add_follow_up(
    std::string title,
    std::function<caf::expected<result_set>(sqlite::connection&)> function);

  /// Returns whether dead letters have come or gone since the last call.
  bool take_letters_changed();

  /// Answered requests whose memory can be used again.
  std::vector<pending_write_ptr>& recyclable() {
    return recyclable_;
  }

  /// When the oldest request arrived that is not settled.
  std::optional<pending_write::clock::time_point> oldest() const {
    return arrivals_.oldest();
  }

  /// Forgets what was expected: it goes to the next writer.
  void forget_arrivals() {
    arrivals_.clear();
  }

private:
  // What is added to the metrics once for many requests: each time, the
  // database's thread has to fetch them anew.
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

  void answer(outcome& x);

  void keep_for_reuse(pending_write_ptr what);

  void note_duration(outcome& x);

  void file_dead_letter(const pending_write& what, const caf::error& reason);

  void update_letter(const pending_write& what, const caf::error& reason);

  caf::local_actor* self_;
  database_core_actor database_;
  std::shared_ptr<const options> opts_;
  metrics_ptr shared_;
  arrival_ledger arrivals_;
  // Not published yet.
  settled_counts counts_;
  best_effort_done best_effort_;
  uint64_t best_effort_pending_ = 0;
  std::vector<pending_write_ptr> follow_ups_;
  std::vector<pending_write_ptr> recyclable_;
  bool letters_changed_ = false;
  // Shorter ones are not worth a message.
  std::chrono::nanoseconds longest_{std::chrono::milliseconds{1}};
};

} // namespace onewriter
