#include "actors/writer/completion.hpp"

#include "actors/store/dead_letter_store.hpp"
#include "actors/support/wall_clock.hpp"
#include "actors/writer/pending_write_pool.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <new>
#include <utility>

namespace onewriter {

namespace {

caf::expected<result_set> to_expected(const caf::error& err) {
  if (err != caf::none)
    return err;
  return result_set{};
}

} // namespace

completion::completion(caf::local_actor* self, database_core_actor database,
                       std::shared_ptr<const options> opts, metrics_ptr shared)
  : self_{self},
    database_{std::move(database)},
    opts_{std::move(opts)},
    shared_{std::move(shared)} {
  // nop
}

void completion::expect(const pending_write& what) {
  if (what.counted)
    arrivals_.add(what.arrived);
  if (std::holds_alternative<best_effort>(what.request))
    ++best_effort_pending_;
}

void completion::settle(std::vector<outcome>& xs) {
  if (xs.empty())
    return;
  auto now = pending_write::clock::now();
  for (auto& x : xs)
    count(x, now);
  publish_counts();
  for (auto& x : xs)
    answer(x);
}

void completion::refuse(pending_write_ptr what, const caf::error& reason) {
  outcome x;
  x.what = std::move(what);
  x.error = reason;
  count(x, pending_write::clock::now());
  publish_counts();
  answer(x);
}

void completion::answer(outcome& x) {
  auto& what = *x.what;
  // What is only for statistics may be left out.
  try {
    note_duration(x);
  } catch (const std::bad_alloc&) {
    longest_ = longest_.zero();
  }
  letters_changed_ |= what.changes_letters;
  if (x.error == caf::none) {
    what.reply.deliver(std::move(x.receipt), self_);
  } else if (what.reply) {
    if (std::holds_alternative<replay_dead_letter>(what.request))
      insist([&] { update_letter(what, x.error); });
    what.reply.deliver(x.error, self_);
  } else {
    insist([&] { file_dead_letter(what, x.error); });
  }
  if (pending_write_pool::takes(what))
    keep_for_reuse(std::move(x.what));
}

// Where there is no memory for that, it is freed.
void completion::keep_for_reuse(pending_write_ptr what) {
  try {
    recyclable_.push_back(std::move(what));
  } catch (const std::bad_alloc&) {
    // nop
  }
}

void completion::count(const outcome& x, pending_write::clock::time_point now) {
  auto& what = *x.what;
  if (x.error == caf::none) {
    ++counts_.committed;
    shared_->writer.latencies[lane_index(what.in)].record(now - what.arrived);
  }
  if (std::holds_alternative<best_effort>(what.request)) {
    --best_effort_pending_;
    ++(x.error == caf::none ? best_effort_.written : best_effort_.failed);
  }
  if (!what.counted)
    return;
  arrivals_.remove(what.arrived);
  ++counts_.finished;
  counts_.finished_bytes += what.bytes;
  auto code = code_of(x.error);
  auto& counter = code == ec::none                ? counts_.acknowledged
                  : code == ec::deadline_exceeded ? counts_.expired
                                                  : counts_.failed;
  ++counter;
}

void completion::publish_counts() {
  auto& to = shared_->writer;
  auto counts = std::exchange(counts_, {});
  to.committed_requests.add(counts.committed);
  to.finished.add(counts.finished);
  to.finished_bytes.add(counts.finished_bytes);
  to.acknowledged.add(counts.acknowledged);
  to.expired.add(counts.expired);
  to.failed.add(counts.failed);
}

void completion::note_duration(outcome& x) {
  auto& what = *x.what;
  if (x.duration > longest_) {
    longest_ = x.duration;
    longest_write seen;
    seen.duration = x.duration;
    seen.sender = to_string(what.reply.source());
    seen.sql = title_of(what);
    compat::anon_send(database_, longest_write_seen{std::move(seen)});
  }
  if (x.duration > opts_->slow_statement) {
    shared_->writer.slow_statements.add(1);
    compat::anon_send(database_,
                      slow_statement_seen{x.duration, title_of(what)});
  }
}

// -- dead letters ---------------------------------------------------------------

void completion::file_dead_letter(const pending_write& what,
                                  const caf::error& reason) {
  if (std::holds_alternative<best_effort>(what.request))
    return;
  auto letter = to_letter(what, reason);
  if (!letter) {
    opts_->log(log_level::warning,
               "nobody waits for what failed: " + title_of(what) + ": "
                 + describe(reason));
    return;
  }
  add_follow_up("(storing of a dead letter)",
                [letter = std::move(*letter)](sqlite::connection& db) {
                  return to_expected(store_letter(db, letter));
                });
}

void completion::update_letter(const pending_write& what,
                               const caf::error& reason) {
  dead_letter letter;
  letter.id = std::get<replay_dead_letter>(what.request).id;
  letter.code = code_of(reason);
  letter.error = describe(reason);
  letter.last_unix_ms = unix_ms_now();
  add_follow_up("(update of a dead letter)", [letter](sqlite::connection& db) {
    return to_expected(onewriter::update_letter(db, letter));
  });
}

void completion::add_follow_up(
  std::string title,
  std::function<caf::expected<result_set>(sqlite::connection&)> function) {
  auto item = std::make_shared<pending_write>();
  item->request = internal_task{std::move(title), std::move(function)};
  item->changes_letters = true;
  item->arrived = pending_write::clock::now();
  follow_ups_.push_back(std::move(item));
}

std::vector<pending_write_ptr> completion::take_follow_ups() {
  return std::exchange(follow_ups_, {});
}

bool completion::take_letters_changed() {
  return std::exchange(letters_changed_, false);
}

// -- best effort ------------------------------------------------------------------

void completion::give_back(best_effort message, const pending_write& what) {
  --best_effort_pending_;
  if (what.uncertain_commit.number != 0) {
    ++best_effort_.unknown;
    return;
  }
  insist([&] { best_effort_.returned.push_back(std::move(message)); });
  insist([&] { best_effort_.returned_arrived.push_back(what.arrived); });
}

void completion::give_back(best_effort_batch batch) {
  best_effort_.returned = std::move(batch.messages);
  best_effort_.returned_arrived = std::move(batch.arrived);
  report_best_effort();
}

void completion::report_best_effort() {
  auto& done = best_effort_;
  auto settled
    = done.written + done.failed + done.unknown + done.returned.size();
  if (best_effort_pending_ > 0 || settled == 0)
    return;
  must_send(database_, best_effort_);
  best_effort_ = {};
}

} // namespace onewriter
