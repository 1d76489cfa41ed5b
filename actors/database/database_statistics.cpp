#include "actors/database/database_state.hpp"
#include "actors/support/thrown.hpp"
#include "onewriter/compat/messaging.hpp"

#include <algorithm>
#include <utility>

namespace onewriter {

statistics database_state::collect() const {
  auto now = clock_type::now();
  auto result = collector_->collect(now);
  auto& stashed = stash_.counts();
  result.writes.acknowledged += stashed.acknowledged;
  result.writes.failed += stashed.failed;
  result.writes.expired += stashed.expired;
  result.writes.unknown += stashed.unknown;
  admission_->add_to(result.writes);
  result.best_effort = best_effort_->counts();
  gate_->add_to(result);
  result.writer_restarts = writer_restarts_;
  result.reader_restarts = reader_restarts_;
  result.longest = longest_;
  result.state = state_text();
  if (auto oldest = stash_.oldest())
    result.oldest_pending = std::max(result.oldest_pending,
                                     std::chrono::nanoseconds{now - *oldest});
  return result;
}

std::string database_state::state_text() const {
  if (closing_)
    return "closing";
  switch (phase_) {
    case phase::opening:
      return "opening";
    case phase::open:
      return "open";
    case phase::restarting:
      return "restarting";
    case phase::closed:
      return "closed";
    default:
      return "failed";
  }
}

// Ends with the database, so that nothing keeps a closed one alive.
void database_state::check() {
  auto now = clock_type::now();
  stash_.expire(now);
  deferred_.expire(now);
  compare_measures(now);
  hurry_closing();
  if (phase_ != phase::closed && phase_ != phase::failed)
    must_send_later(self_, full_database_actor{self_},
                    opts_->alerts.check_interval, check_alerts{});
}

// If memory runs out, the next check does it.
void database_state::compare_measures(clock_type::time_point now) {
  try {
    collector_->sample(now);
    auto stats = collect();
    requests_per_second_ = stats.requests_per_second;
    tell(monitor_->check(stats));
  } catch (const std::bad_alloc&) {
    log(log_level::warning, [] {
      return std::string{"not enough memory to check the statistics"};
    });
  }
}

void database_state::tell(const std::vector<alert>& alerts) {
  for (auto& x : alerts) {
    if (x.raised)
      log(log_level::warning, [&] { return "alert: " + x.message; });
    for (auto& listener : subscribers_)
      compat::anon_send(listener, x);
  }
}

void database_state::add_subscriber(const caf::actor& listener) {
  if (!listener || !subscribers_.insert(listener).second)
    return;
  watch(listener);
  for (auto& x : monitor_->raised())
    compat::anon_send(listener, x);
}

void database_state::remove_subscriber(const caf::actor_addr& listener) {
  for (auto i = subscribers_.begin(); i != subscribers_.end(); ++i)
    if (i->address() == listener) {
      subscribers_.erase(i);
      return;
    }
}

void database_state::note_longest(const longest_write& what) {
  if (what.duration > longest_.duration)
    insist([&] { longest_ = what; });
}

void database_state::note_slow(const slow_statement_seen& what) {
  auto ms
    = std::chrono::duration_cast<std::chrono::milliseconds>(what.duration);
  log(log_level::warning, [&] {
    return "slow statement, " + std::to_string(ms.count()) + " ms: " + what.sql;
  });
}

} // namespace onewriter
