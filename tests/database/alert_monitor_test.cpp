#include "actors/database/statistics/alert_monitor.hpp"

#include "tests/database/client_fixture.hpp"

#include <optional>
#include <string>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

namespace {

/// "pending_writes+ wal_size-": what was raised and what is over.
std::string text_of(const std::vector<alert>& alerts) {
  std::string result;
  for (auto& x : alerts)
    result += (result.empty() ? "" : " ") + to_string(x.kind)
              + (x.raised ? "+" : "-");
  return result;
}

class monitor_fixture {
public:
  alert_options thresholds;
  statistics now;

  std::string check() {
    if (!monitor_)
      monitor_.emplace(thresholds);
    return text_of(monitor_->check(now));
  }

  alert_monitor& monitor() {
    return *monitor_;
  }

private:
  std::optional<alert_monitor> monitor_;
};

class alerts_fixture : public client_fixture {
public:
  alerts_fixture() {
    opts.alerts.check_interval = 1ms;
    // Only what the tests cause.
    opts.alerts.pending_writes = 0;
    opts.alerts.oldest_pending = 0ns;
    open();
  }

  static caf::actor address_of(caf::scoped_actor& listener) {
    return caf::actor_cast<caf::actor>(listener.address());
  }

  template <class Request>
  void demand(caf::scoped_actor& listener) {
    REQUIRE(ask<caf::unit_t>(db->database(), Request{address_of(listener)}));
  }

  /// Blocks for the next alert.
  static alert next(caf::scoped_actor& listener) {
    alert result;
    listener->receive([&](const alert& x) { result = x; },
                      caf::after(patience) >> [] { FAIL("no alert came"); });
    return result;
  }

  static bool is_silent(caf::scoped_actor& listener) {
    auto result = true;
    listener->receive([&](const alert&) { result = false; },
                      caf::after(0s) >> [] {});
    return result;
  }

  void bury_a_letter() {
    send_and_forget(write{"INSERT INTO missing(a) VALUES(1)"});
  }

  /// Discards all dead letters.
  void tidy_up() {
    auto found = db->dead_letters();
    REQUIRE(found);
    for (auto& x : found->letters)
      REQUIRE(db->discard(x.id));
  }
};

} // namespace

// -- measures and thresholds -----------------------------------------------------------

TEST_CASE_METHOD(monitor_fixture, "a quiet database raises no alert") {
  CHECK(check() == "");
  now.writes.pending = 999;
  now.oldest_pending = 4'999ms;
  now.wal_bytes = thresholds.wal_bytes - 1;
  now.oldest_reader = 59s;
  now.state = "open";
  CHECK(check() == "");
  CHECK(monitor().raised().empty());
}

TEST_CASE_METHOD(monitor_fixture, "an alert is raised once and cleared at half "
                                  "of its threshold") {
  now.writes.pending = 1'000;
  CHECK(check() == "pending_writes+");
  CHECK(check() == "");
  now.writes.pending = 500;
  CHECK(check() == "");
  CHECK(text_of(monitor().raised()) == "pending_writes+");
  now.writes.pending = 499;
  CHECK(check() == "pending_writes-");
  CHECK(check() == "");
  CHECK(monitor().raised().empty());
}

TEST_CASE_METHOD(monitor_fixture, "each measure has an alert") {
  now.writes.pending = 1'000;
  now.oldest_pending = 5s;
  now.dead_letters = 1;
  now.wal_bytes = thresholds.wal_bytes;
  now.oldest_reader = 60s;
  now.reader_restarts = 1;
  now.best_effort.dropped_full = 1;
  now.slow_statements = 1;
  now.state = "failed";
  CHECK(check()
        == "pending_writes+ oldest_pending+ dead_letters+ wal_size+ "
           "oldest_reader+ restarts+ refusals+ slow_statement+ failed+");
  // What is counted since the last check is over by itself.
  CHECK(check() == "restarts- refusals- slow_statement-");
  now.writer_restarts = 2;
  now.writes.refused = 3;
  CHECK(check() == "restarts+ refusals+");
  now = statistics{};
  now.writer_restarts = 2;
  now.reader_restarts = 1;
  now.writes.refused = 3;
  now.best_effort.dropped_full = 1;
  now.slow_statements = 1;
  CHECK(check()
        == "pending_writes- oldest_pending- dead_letters- wal_size- "
           "oldest_reader- restarts- refusals- failed-");
}

TEST_CASE_METHOD(monitor_fixture, "an alert has all digits of a count") {
  now.wal_bytes = 300'000'001;
  CHECK(check() == "wal_size+");
  CHECK(monitor().raised()[0].message
        == "300000001 bytes in the write-ahead log; a long reader may prevent "
           "its reuse");
}

TEST_CASE_METHOD(monitor_fixture, "a threshold of zero switches an alert off") {
  thresholds.pending_writes = 0;
  thresholds.oldest_pending = 0ns;
  thresholds.dead_letters = 0;
  thresholds.wal_bytes = 0;
  thresholds.oldest_reader = 0ns;
  now.writes.pending = 1'000'000;
  now.oldest_pending = 1h;
  now.dead_letters = 1'000;
  now.wal_bytes = uint64_t{1} << 40;
  now.oldest_reader = 1h;
  CHECK(check() == "");
}

TEST_CASE_METHOD(monitor_fixture, "an alert says what was measured") {
  now.oldest_pending = 7'500ms;
  alert_monitor watcher{thresholds};
  auto alerts = watcher.check(now);
  REQUIRE(alerts.size() == 1);
  CHECK(alerts[0].measured == 7.5);
  CHECK(alerts[0].threshold == 5);
  CHECK(alerts[0].message == "the oldest write has waited 7.5 s");
  CHECK(alerts[0].unix_ms > 1'500'000'000'000);
  now.oldest_pending = 0ns;
  alerts = watcher.check(now);
  REQUIRE(alerts.size() == 1);
  CHECK_FALSE(alerts[0].raised);
  CHECK(alerts[0].message == "cleared: the oldest write has waited 0 s");
}

// -- end to end --------------------------------------------------------------------------

TEST_CASE_METHOD(alerts_fixture, "a listener gets an alert and its end") {
  caf::scoped_actor listener{sys};
  demand<subscribe>(listener);
  bury_a_letter();
  auto raised = next(listener);
  CHECK(raised.kind == alert_kind::dead_letters);
  CHECK(raised.raised);
  CHECK(raised.measured == 1);
  tidy_up();
  auto over = next(listener);
  CHECK(over.kind == alert_kind::dead_letters);
  CHECK_FALSE(over.raised);
  CHECK(is_silent(listener));
  CHECK(log.text().find("alert: 1 dead letters") != std::string::npos);
}

TEST_CASE_METHOD(alerts_fixture, "late subscribers hear of the alerts that "
                                 "are raised") {
  caf::scoped_actor early{sys};
  demand<subscribe>(early);
  demand<subscribe>(early);
  bury_a_letter();
  CHECK(next(early).raised);
  caf::scoped_actor late{sys};
  demand<subscribe>(late);
  CHECK(next(late).kind == alert_kind::dead_letters);
  tidy_up();
  CHECK_FALSE(next(late).raised);
  CHECK_FALSE(next(early).raised);
  // Subscribed twice, told once.
  bury_a_letter();
  CHECK(next(early).raised);
  CHECK(next(late).raised);
  tidy_up();
  CHECK_FALSE(next(early).raised);
  CHECK_FALSE(next(late).raised);
  CHECK(is_silent(early));
}

TEST_CASE_METHOD(alerts_fixture, "subscribers that unsubscribe or end hear "
                                 "no more") {
  caf::scoped_actor gone{sys};
  caf::scoped_actor stays{sys};
  demand<subscribe>(gone);
  demand<subscribe>(stays);
  {
    caf::scoped_actor ends{sys};
    demand<subscribe>(ends);
  }
  demand<unsubscribe>(gone);
  demand<unsubscribe>(gone);
  bury_a_letter();
  CHECK(next(stays).raised);
  tidy_up();
  // The first alert was sent to all before this one.
  CHECK_FALSE(next(stays).raised);
  CHECK(is_silent(gone));
  must("CREATE TABLE t(a)");
}

TEST_CASE_METHOD(client_fixture, "a refused write raises an alert") {
  opts.alerts.check_interval = 1ms;
  opts.queue.max_items = 1;
  open();
  caf::scoped_actor listener{sys};
  auto holder = hold();
  auto refused = send(write{"SELECT 1"});
  CHECK(outcome_of(refused.reply()) == "overloaded");
  REQUIRE(ask<caf::unit_t>(
    db->database(),
    subscribe{caf::actor_cast<caf::actor>(listener.address())}));
  // Either it is raised still, or it comes with the next check.
  auto late = send(write{"SELECT 1"});
  CHECK(outcome_of(late.reply()) == "overloaded");
  auto heard = std::string{};
  listener->receive([&](const alert& x) { heard = to_string(x.kind); },
                    caf::after(patience) >> [] {});
  CHECK(heard == "refusals");
  CHECK(holder.release() == "ok");
  must("CREATE TABLE t(a)");
}
