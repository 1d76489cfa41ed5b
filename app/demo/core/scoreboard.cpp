#include "app/demo/core/scoreboard.hpp"

#include "actors/policy/histogram.hpp"
#include "onewriter/compat/messaging.hpp"

#include <utility>

namespace onewriter::node {

namespace {

latency latency_of(const histogram& x) {
  latency result;
  result.count = x.count();
  result.p50 = x.quantile(0.50);
  result.p99 = x.quantile(0.99);
  result.max = x.max();
  return result;
}

class scoreboard_state {
public:
  explicit scoreboard_state(scoreboard_actor::pointer) {
    // nop
  }

  scoreboard_actor::behavior_type make_behavior(const store_state& to_do) {
    scores_.store = to_do;
    return {
      [this](enter_stage x) { scores_.stage = x.stage; },
      [this](const report& x) { add(x); },
      [this](const store_state& x) { scores_.store = x; },
      [this](const index_state& x) { scores_.index = x; },
      [this](sabotage_done) { ++scores_.sabotages; },
      [this](current_task& x) { set_task(std::move(x)); },
      [this](get_scores) { return collect(); },
    };
  }

  static inline const char* name = "onewriter.scoreboard";

private:
  void add(const report& what) {
    for (auto& x : what.samples)
      add(x);
    for (size_t i = 0; i < activity_count; ++i)
      scores_.activities[i].done += what.uncounted[i];
    for (auto& x : what.failures)
      add(x);
  }

  void add(const sample& x) {
    auto index = static_cast<size_t>(x.what);
    ++scores_.activities[index].done;
    all_[index].record(x.took);
    if (x.what != activity::connect)
      return;
    if (x.stage == stage::quiet)
      quiet_.record(x.took);
    else if (x.stage == stage::busy)
      busy_.record(x.took);
  }

  void add(const failure_seen& x) {
    ++scores_.activities[static_cast<size_t>(x.what)].failed;
    for (auto& known : scores_.errors)
      if (known.what == x.what && known.code == x.code) {
        ++known.count;
        return;
      }
    scores_.errors.push_back({x.what, x.code, 1, x.text});
  }

  void set_task(current_task&& x) {
    scores_.task = std::move(x.name);
    scores_.task_done = x.done;
    scores_.task_total = x.total;
  }

  scores collect() const {
    auto result = scores_;
    for (size_t i = 0; i < activity_count; ++i)
      result.activities[i].took = latency_of(all_[i]);
    result.quiet_connect = latency_of(quiet_);
    result.busy_connect = latency_of(busy_);
    return result;
  }

  scores scores_;
  std::array<histogram, activity_count> all_;
  histogram quiet_;
  histogram busy_;
};

scoreboard_actor::behavior_type
scoreboard(scoreboard_actor::stateful_pointer<scoreboard_state> self,
           const store_state& to_do) {
  return compat::state(self).make_behavior(to_do);
}

} // namespace

scoreboard_actor spawn_scoreboard(caf::actor_system& sys,
                                  const store_state& to_do) {
  return sys.spawn(scoreboard, to_do);
}

} // namespace onewriter::node
