#include "actors/supervision/supervisor.hpp"
#include "onewriter/compat/messaging.hpp"

#include "onewriter/failure.hpp"
#include "tests/catch.hpp"
#include "tests/fixture.hpp"

#include <atomic>
#include <future>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

using namespace onewriter;
using namespace std::chrono_literals;

namespace {

// A time that no test outlives.
constexpr auto never = std::chrono::nanoseconds{60s};

// Answers pings (an int32_t), ends with the errors that it gets, and normally
// when it gets a bool.
caf::behavior worker_behavior(caf::event_based_actor* self) {
  return {
    [](int32_t ping) { return ping; },
    [self](bool) { self->quit(); },
  };
}

// CAF 0.17 binds a reference to a null pointer where a function takes nothing
// but `self`.
caf::behavior worker(caf::event_based_actor* self, const caf::unit_t&) {
  return worker_behavior(self);
}

// Hands exit messages on to `tester`, as its name, instead of ending.
caf::behavior clinging_worker(caf::event_based_actor* self,
                              const std::string& name,
                              const caf::actor& tester) {
  compat::on_exit_message(
    self, [name, tester](caf::exit_msg&) { compat::anon_send(tester, name); });
  return worker_behavior(self);
}

child_spec spec(std::string id,
                restart_type restart = restart_type::permanent) {
  child_spec result;
  result.id = std::move(id);
  result.start = [](caf::actor_system& sys, const caf::error&) {
    return caf::actor{sys.spawn(worker, caf::unit)};
  };
  result.restart = restart;
  return result;
}

caf::error broken() {
  return make_failure(ec::io_error, "broken");
}

void fail(const child_event& what, caf::error why = broken()) {
  compat::anon_send(what.child, std::move(why));
}

std::string name_of(child_event_kind kind) {
  switch (kind) {
    case child_event_kind::started:
      return "started";
    case child_event_kind::restarting:
      return "restarting";
    case child_event_kind::stopped:
      return "stopped";
    default:
      return "gave up";
  }
}

std::string name_of(const caf::error& reason) {
  if (reason == caf::exit_reason::user_shutdown)
    return "shutdown";
  if (reason == caf::exit_reason::kill)
    return "kill";
  return to_string(code_of(reason));
}

// For instance "restarting a1 io_error": the first restart of `a`.
std::string text(const child_event& what) {
  return name_of(what.kind) + ' ' + what.id + std::to_string(what.restarts)
         + ' ' + name_of(what.reason);
}

// A clock that stands still.
class manual_clock {
public:
  void advance(std::chrono::nanoseconds step) {
    *now_ += step.count();
  }

  std::function<std::chrono::steady_clock::time_point()> function() const {
    return [now = now_] {
      return std::chrono::steady_clock::time_point{
        std::chrono::nanoseconds{now->load()}};
    };
  }

private:
  std::shared_ptr<std::atomic<int64_t>> now_
    = std::make_shared<std::atomic<int64_t>>(0);
};

// The test is the observer; that it stops a supervisor at the end is up to
// `own`. Each supervisor has a clock that stands still.
class supervisor_fixture : public test::fixture {
public:
  manual_clock clock;

  caf::actor tester() {
    return caf::actor_cast<caf::actor>(self);
  }

  supervisor_options observed(std::vector<child_spec> children) {
    supervisor_options result;
    result.restarts.initial_delay = 0ns;
    result.restarts.max_delay = 0ns;
    result.observer = tester();
    result.children = std::move(children);
    result.seed = 42;
    result.clock = clock.function();
    return result;
  }

  // A child whose first incarnation ends orderly only after `release`;
  // otherwise it is killed.
  child_spec clinging(std::string id, std::chrono::nanoseconds limit = never) {
    auto result = spec(id);
    result.start = [id, to = tester(), first = true](
                     caf::actor_system& system, const caf::error&) mutable {
      return std::exchange(first, false)
               ? caf::actor{system.spawn(clinging_worker, id, to)}
               : caf::actor{system.spawn(worker, caf::unit)};
    };
    result.shutdown_limit = limit;
    return result;
  }

  void release(const child_event& what) {
    compat::anon_send(what.child, true);
  }

  child_event next() {
    child_event result;
    self->receive([&](child_event& what) { result = std::move(what); },
                  caf::after(test::patience) >> [] { FAIL("no event"); });
    return result;
  }

  std::vector<child_event> next(size_t count) {
    std::vector<child_event> result;
    while (result.size() < count)
      result.push_back(next());
    return result;
  }

  std::string told(size_t count) {
    std::string result;
    for (auto& what : next(count))
      result += (result.empty() ? "" : ", ") + text(what);
    return result;
  }

  // Blocks until a clinging child was asked to end; returns its name.
  std::string asked_to_end() {
    std::string result;
    self->receive([&](std::string& name) { result = std::move(name); },
                  caf::after(test::patience) >>
                    [] { FAIL("no request came"); });
    return result;
  }

  // Returns all events until `what` terminates, and why it does.
  template <class Handle>
  std::string told_until_end(const Handle& what, caf::error* reason = nullptr) {
    std::string result;
    auto ended = false;
    self->monitor(what);
    while (!ended)
      self->receive([&](child_event& x) { result += text(x) + ", "; },
                    [&](caf::down_msg& msg) {
                      ended = true;
                      result += "end " + name_of(msg.reason);
                      if (reason)
                        *reason = msg.reason;
                    },
                    caf::after(test::patience) >>
                      [&] { FAIL("no end: " << result); });
    return result;
  }

  // Blocks until `supervisor` has dealt with what it got so far from here.
  void settle(const supervisor_actor& supervisor) {
    REQUIRE_FALSE(ask<caf::actor>(supervisor, start_child{child_spec{}}));
  }

  // Blocks until `supervisor` has dealt with its timers that are due: what is
  // scheduled here comes after them.
  void settle_timers(const supervisor_actor& supervisor) {
    settle(supervisor);
    compat::delayed_send(self, tester(), 0ns, std::string{"timers"});
    REQUIRE(asked_to_end() == "timers");
    settle(supervisor);
  }

  // Blocks for a reply of type T and returns the error that came instead.
  template <class T, class Response>
  caf::error error_of(Response& response) {
    auto reply = receive<T>(std::move(response));
    return reply ? caf::error{} : reply.error();
  }

  bool is_alive(const child_event& what) {
    auto pong = ask<int32_t>(what.child, int32_t{7});
    return pong && *pong == 7;
  }
};

} // namespace

// -- start and stop -----------------------------------------------------------

TEST_CASE_METHOD(supervisor_fixture, "children start in their order, "
                                     "and stop the last first") {
  auto sup = own(spawn_supervisor(sys, observed({spec("a"), spec("b")})));
  CHECK(told(2) == "started a0 none, started b0 none");
  auto c = ask<caf::actor>(sup, start_child{spec("c")});
  REQUIRE(c);
  auto started = next();
  CHECK(text(started) == "started c0 none");
  CHECK(started.child == *c);
  CHECK(is_alive(started));
  REQUIRE(ask<caf::unit_t>(sup, stop_children{}));
  CHECK(told_until_end(sup)
        == "stopped c0 shutdown, stopped b0 shutdown, stopped a0 shutdown, "
           "end none");
}

TEST_CASE_METHOD(supervisor_fixture,
                 "a child is asked to end once those after it have ended") {
  auto sup
    = own(spawn_supervisor(sys, observed({clinging("a"), clinging("b")})));
  auto started = next(2);
  auto stopped = compat::request(self, sup, test::patience, stop_children{});
  CHECK(asked_to_end() == "b");
  settle(sup);
  // Would `a` have been asked, its word would be here before the answer.
  CHECK(is_alive(started[0]));
  CHECK_FALSE(self->has_next_message());
  release(started[1]);
  CHECK(asked_to_end() == "a");
  release(started[0]);
  CHECK(error_of<caf::unit_t>(stopped) == caf::none);
  CHECK(told_until_end(sup) == "stopped b0 none, stopped a0 none, end none");
}

TEST_CASE_METHOD(supervisor_fixture,
                 "all callers that ask for a stop hear when it is done") {
  auto sup = own(spawn_supervisor(sys, observed({clinging("a")})));
  auto started = next();
  auto first = compat::request(self, sup, test::patience, stop_children{});
  auto second = compat::request(self, sup, test::patience, stop_children{});
  CHECK(asked_to_end() == "a");
  settle(sup);
  release(started);
  CHECK(error_of<caf::unit_t>(first) == caf::none);
  CHECK(error_of<caf::unit_t>(second) == caf::none);
  CHECK(told_until_end(sup) == "stopped a0 none, end none");
}

TEST_CASE_METHOD(supervisor_fixture,
                 "a child that ignores exit messages is killed") {
  auto sup = own(spawn_supervisor(sys, observed({clinging("a", 1ms)})));
  next();
  CHECK(ask<caf::unit_t>(sup, stop_children{}));
  CHECK(told_until_end(sup) == "stopped a0 kill, end none");
}

TEST_CASE_METHOD(supervisor_fixture,
                 "a child without a shutdown limit is killed at once") {
  auto sup = own(spawn_supervisor(sys, observed({clinging("a", 0ms)})));
  next();
  CHECK(ask<caf::unit_t>(sup, stop_children{}));
  CHECK(told_until_end(sup) == "stopped a0 kill, end none");
  // It was not even asked.
  CHECK_FALSE(self->has_next_message());
}

TEST_CASE_METHOD(supervisor_fixture, "a child may have all the time it wants") {
  auto forever = std::chrono::nanoseconds::max();
  auto sup = own(spawn_supervisor(sys, observed({clinging("a", forever)})));
  auto started = next();
  compat::anon_send(sup, stop_children{});
  CHECK(asked_to_end() == "a");
  settle(sup);
  CHECK(is_alive(started));
  release(started);
  CHECK(told_until_end(sup) == "stopped a0 none, end none");
}

TEST_CASE_METHOD(supervisor_fixture,
                 "a child that cannot be added is refused") {
  auto sup = own(spawn_supervisor(sys, observed({clinging("a")})));
  auto started = next();
  auto twice = ask<caf::actor>(sup, start_child{spec("a")});
  CHECK(twice.error() == ec::invalid_argument);
  CHECK(failure_of(twice.error()).message == "there is a child 'a' already");
  auto nothing = ask<caf::actor>(sup, start_child{child_spec{}});
  CHECK(nothing.error() == ec::invalid_argument);
  compat::anon_send(sup, stop_children{});
  CHECK(asked_to_end() == "a");
  CHECK(ask<caf::actor>(sup, start_child{spec("b")}).error()
        == ec::unavailable);
  release(started);
  CHECK(told_until_end(sup) == "stopped a0 none, end none");
}

TEST_CASE_METHOD(supervisor_fixture,
                 "first children of the same name end the supervisor") {
  auto sup = own(spawn_supervisor(sys, observed({spec("a"), spec("a")})));
  CHECK(told_until_end(sup) == "stopped a0 none, end invalid_argument");
}

// -- restarts -----------------------------------------------------------------

TEST_CASE_METHOD(supervisor_fixture,
                 "only the child that failed is restarted") {
  auto sup
    = own(spawn_supervisor(sys, observed({spec("a"), spec("b"), spec("c")})));
  auto started = next(3);
  fail(started[1]);
  CHECK(told(2) == "restarting b1 io_error, started b1 io_error");
  CHECK(is_alive(started[0]));
  CHECK(is_alive(started[2]));
  compat::anon_send(sup, stop_children{});
  CHECK(told_until_end(sup)
        == "stopped c0 shutdown, stopped b1 shutdown, stopped a0 shutdown, "
           "end none");
}

// -- restart types ------------------------------------------------------------

TEST_CASE_METHOD(supervisor_fixture,
                 "permanent children restart after every end") {
  auto sup = own(spawn_supervisor(sys, observed({spec("a")})));
  release(next());
  CHECK(told(1) == "restarting a1 none");
  auto again = next();
  CHECK(text(again) == "started a1 none");
  caf::anon_send_exit(again.child, caf::exit_reason::user_shutdown);
  CHECK(told(2) == "restarting a2 shutdown, started a2 shutdown");
}

TEST_CASE_METHOD(supervisor_fixture,
                 "transient children restart after abnormal ends only") {
  auto transient = restart_type::transient;
  auto sup = own(
    spawn_supervisor(sys, observed({spec("a", transient), spec("b", transient),
                                    spec("c", transient)})));
  auto started = next(3);
  release(started[0]);
  CHECK(told(1) == "stopped a0 none");
  caf::anon_send_exit(started[1].child, caf::exit_reason::user_shutdown);
  CHECK(told(1) == "stopped b0 shutdown");
  fail(started[2]);
  CHECK(told(1) == "restarting c1 io_error");
  auto again = next();
  caf::anon_send_exit(again.child, caf::exit_reason::kill);
  CHECK(told(2) == "restarting c2 kill, started c2 kill");
}

TEST_CASE_METHOD(supervisor_fixture, "temporary children never restart") {
  auto options = observed({spec("a", restart_type::temporary), spec("b")});
  options.restarts.max_restarts = 0;
  auto sup = own(spawn_supervisor(sys, options));
  fail(next(2)[0]);
  CHECK(told(1) == "stopped a0 io_error");
  compat::anon_send(sup, stop_children{});
  CHECK(told_until_end(sup) == "stopped b0 shutdown, end none");
}

// -- giving up ----------------------------------------------------------------

TEST_CASE_METHOD(supervisor_fixture, "too many restarts end the supervisor") {
  auto options = observed({spec("a"), spec("b"), spec("c")});
  options.restarts.max_restarts = 2;
  auto sup = own(spawn_supervisor(sys, options));
  auto started = next(3);
  fail(started[1]);
  CHECK(told(1) == "restarting b1 io_error");
  fail(next());
  CHECK(told(1) == "restarting b2 io_error");
  fail(next());
  caf::error reason;
  CHECK(told_until_end(sup, &reason)
        == "stopped c0 shutdown, stopped a0 shutdown, "
           "gave up b2 restart_limit, end restart_limit");
  CHECK(failure_of(reason).message
        == "child 'b' ended after 2 restarts within 5s; last error: "
           "io_error: broken");
}

TEST_CASE_METHOD(supervisor_fixture,
                 "an observer may stop the other children by itself") {
  auto options = observed({spec("a"), spec("b"), spec("c")});
  options.restarts.max_restarts = 0;
  options.observer_stops_children = true;
  auto sup = own(spawn_supervisor(sys, options));
  auto started = next(3);
  fail(started[1]);
  CHECK(told(1) == "gave up b0 restart_limit");
  settle_timers(sup);
  CHECK(is_alive(started[0]));
  // Nothing begins any more, but what ends is told of.
  CHECK(ask<caf::actor>(sup, start_child{spec("d")}).error()
        == ec::unavailable);
  fail(started[2]);
  CHECK(told(1) == "stopped c0 io_error");
  compat::anon_send(sup, stop_children{});
  CHECK(told_until_end(sup) == "stopped a0 shutdown, end restart_limit");
}

TEST_CASE_METHOD(supervisor_fixture,
                 "a restart that waits when it gives up does not happen") {
  auto options = observed({spec("a"), spec("b")});
  options.restarts.max_restarts = 1;
  options.restarts.initial_delay = options.restarts.max_delay = 1h;
  options.observer_stops_children = true;
  auto sup = own(spawn_supervisor(sys, options));
  auto started = next(2);
  fail(started[0]);
  CHECK(told(1) == "restarting a1 io_error");
  fail(started[1]);
  CHECK(told(1) == "gave up b0 restart_limit");
  compat::anon_send(sup, stop_children{});
  CHECK(told_until_end(sup) == "stopped a1 io_error, end restart_limit");
}

TEST_CASE_METHOD(supervisor_fixture,
                 "the intensity is counted over all children") {
  auto options = observed({spec("a"), spec("b")});
  options.restarts.max_restarts = 1;
  auto sup = own(spawn_supervisor(sys, options));
  auto started = next(2);
  fail(started[0]);
  CHECK(told(2) == "restarting a1 io_error, started a1 io_error");
  fail(started[1]);
  CHECK(told_until_end(sup)
        == "stopped a1 shutdown, gave up b0 restart_limit, end restart_limit");
}

TEST_CASE_METHOD(supervisor_fixture,
                 "restarts in different periods are not counted together") {
  auto options = observed({spec("a")});
  options.restarts.max_restarts = 1;
  auto sup = own(spawn_supervisor(sys, options));
  for (auto i = 1; i < 10; ++i) {
    fail(next());
    REQUIRE(text(next()) == "restarting a" + std::to_string(i) + " io_error");
    clock.advance(options.restarts.period);
  }
}

TEST_CASE_METHOD(supervisor_fixture,
                 "an error of CAF's own is named in the message") {
  auto options = observed({spec("a")});
  options.restarts.max_restarts = 0;
  options.restarts.period = 1500ms;
  auto sup = own(spawn_supervisor(sys, options));
  caf::anon_send_exit(next().child, caf::exit_reason::user_shutdown);
  caf::error reason;
  CHECK(told_until_end(sup, &reason)
        == "gave up a0 restart_limit, end restart_limit");
  auto message = failure_of(reason).message;
  CAPTURE(message);
  CHECK(message.find("user_shutdown") != std::string::npos);
}

TEST_CASE_METHOD(supervisor_fixture,
                 "what passes by itself is not counted as a failure") {
  auto child = spec("a");
  child.judge = [](const caf::error& reason) {
    return reason == ec::disk_full ? verdict::excuse : verdict::count;
  };
  auto options = observed({child});
  options.restarts.max_restarts = 0;
  auto sup = own(spawn_supervisor(sys, options));
  for (auto i = 1; i < 10; ++i) {
    fail(next(), make_failure(ec::disk_full, "full"));
    REQUIRE(text(next()) == "restarting a" + std::to_string(i) + " disk_full");
  }
  fail(next());
  CHECK(told_until_end(sup) == "gave up a9 restart_limit, end restart_limit");
}

TEST_CASE_METHOD(supervisor_fixture,
                 "what passes by itself is waited for in short pauses") {
  auto child = spec("a");
  child.judge = [](const caf::error& reason) {
    return reason == ec::disk_full ? verdict::excuse : verdict::count;
  };
  auto options = observed({child});
  options.restarts.max_restarts = 1;
  options.restarts.initial_delay = 40ms;
  options.restarts.max_delay = 1h;
  auto sup = own(spawn_supervisor(sys, options));
  for (auto i = 1; i < 6; ++i) {
    fail(next(), make_failure(ec::disk_full, "full"));
    auto announced = next();
    CHECK(announced.delay <= 100ms);
    CHECK(announced.delay >= (i < 3 ? 32ms : 80ms));
  }
  // That of another failure is as long as the first one.
  fail(next());
  CHECK(next().delay <= 40ms);
}

TEST_CASE_METHOD(supervisor_fixture,
                 "a permanent failure ends the supervisor at once") {
  auto child = spec("b");
  child.judge = [](const caf::error& reason) {
    return reason == ec::corrupt ? verdict::give_up : verdict::count;
  };
  auto sup
    = own(spawn_supervisor(sys, observed({spec("a"), child, spec("c")})));
  fail(next(3)[1], make_failure(ec::corrupt, "page 7"));
  caf::error reason;
  CHECK(told_until_end(sup, &reason)
        == "stopped c0 shutdown, stopped a0 shutdown, gave up b0 corrupt, "
           "end corrupt");
  CHECK(failure_of(reason).message == "page 7");
}

// -- back-off -----------------------------------------------------------------

TEST_CASE_METHOD(supervisor_fixture,
                 "pauses grow up to their maximum and start over") {
  auto options = observed({spec("a"), spec("b")});
  options.restarts.max_restarts = 100;
  options.restarts.initial_delay = 1ms;
  options.restarts.max_delay = 4ms;
  auto sup = own(spawn_supervisor(sys, options));
  // Up to 20 % are left to chance.
  auto pause = [this](child_event& what) {
    fail(what);
    auto announced = next();
    what = next();
    return announced.delay.count() / 800'000;
  };
  auto started = next(2);
  std::vector<int64_t> pauses;
  pauses.reserve(4);
  for (auto i = 0; i < 4; ++i)
    pauses.push_back(pause(started[0]));
  CHECK(pauses == std::vector<int64_t>{1, 2, 4, 4});
  CHECK(pause(started[1]) == 1);
  clock.advance(options.restarts.period - 1ns);
  CHECK(pause(started[0]) == 4);
  clock.advance(options.restarts.period);
  CHECK(pause(started[0]) == 1);
  CHECK(pause(started[0]) == 2);
}

TEST_CASE_METHOD(supervisor_fixture, "the seed decides about the jitter") {
  auto pause = [this](uint64_t seed) {
    auto options = observed({spec("a")});
    options.restarts.initial_delay = 1ms;
    options.restarts.max_delay = 1ms;
    options.seed = seed;
    auto sup = own(spawn_supervisor(sys, options));
    fail(next());
    auto result = next().delay;
    next();
    return result;
  };
  auto first = pause(1);
  CHECK(pause(1) == first);
  CHECK(pause(2) != first);
}

TEST_CASE_METHOD(supervisor_fixture,
                 "children can be stopped during their pauses") {
  auto options = observed({spec("a"), spec("b")});
  options.restarts.initial_delay = never;
  options.restarts.max_delay = never;
  auto sup = own(spawn_supervisor(sys, options));
  auto started = next(2);
  fail(started[0]);
  fail(started[1]);
  next(2);
  CHECK(ask<caf::unit_t>(sup, stop_children{}));
  CHECK(told_until_end(sup)
        == "stopped b1 io_error, stopped a1 io_error, end none");
}

// -- start functions that fail ------------------------------------------------

TEST_CASE_METHOD(supervisor_fixture,
                 "a child whose first start fails is not added") {
  auto sup = own(spawn_supervisor(sys, observed({})));
  auto child = spec("a");
  auto refused = [&](auto start) {
    child.start = start;
    return describe(ask<caf::actor>(sup, start_child{child}).error());
  };
  using reason = const caf::error&;
  CHECK(refused([](caf::actor_system&, reason) -> caf::actor {
          throw std::runtime_error("no luck");
        })
        == "internal: the start function of child 'a' threw: no luck");
  CHECK(refused([](caf::actor_system&, reason) -> caf::actor { throw 1; })
        == "internal: the start function of child 'a' threw something that is "
           "not a std::exception");
  CHECK(refused([](caf::actor_system&, reason) -> caf::actor {
          throw std::bad_alloc();
        })
        == "out_of_memory: the start function of child 'a' ran out of memory");
  CHECK(refused([](caf::actor_system&, reason) { return caf::actor{}; })
        == "internal: the start function of child 'a' returned no actor");
  CHECK(ask<caf::actor>(sup, start_child{spec("a")}));
  CHECK(told(1) == "started a0 none");
}

TEST_CASE_METHOD(supervisor_fixture,
                 "a start that fails counts as an abnormal end") {
  auto child = spec("a", restart_type::transient);
  // Only every other start succeeds, the second one first.
  child.start = [count = 0](caf::actor_system& system,
                            const caf::error&) mutable -> caf::actor {
    if (++count % 2 == 1)
      throw std::runtime_error("no luck");
    return system.spawn(worker, caf::unit);
  };
  auto options = observed({child});
  options.restarts.max_restarts = 2;
  auto sup = own(spawn_supervisor(sys, options));
  auto announced = next();
  CHECK(text(announced) == "restarting a1 internal");
  CHECK_FALSE(announced.child);
  auto started = next();
  CHECK(text(started) == "started a1 internal");
  fail(started);
  announced = next();
  CHECK(text(announced) == "restarting a2 io_error");
  CHECK(announced.child == started.child);
  announced = next();
  CHECK(text(announced) == "gave up a2 restart_limit");
  CHECK_FALSE(announced.child);
  CHECK(told_until_end(sup) == "end restart_limit");
}

TEST_CASE_METHOD(supervisor_fixture,
                 "a start function learns why the last incarnation ended") {
  auto reasons = std::make_shared<std::vector<std::string>>();
  auto child = spec("a");
  child.start = [reasons](caf::actor_system& system, const caf::error& reason) {
    reasons->push_back(name_of(reason));
    return caf::actor{system.spawn(worker, caf::unit)};
  };
  auto sup = own(spawn_supervisor(sys, observed({child})));
  fail(next());
  next();
  fail(next(), make_failure(ec::busy, "locked"));
  next(2);
  CHECK(*reasons == std::vector<std::string>{"none", "io_error", "busy"});
}

// -- ends that come late ------------------------------------------------------

TEST_CASE_METHOD(supervisor_fixture,
                 "word of an end that comes again changes nothing") {
  auto sup = own(spawn_supervisor(sys, observed({spec("a")})));
  auto first = next();
  fail(first);
  next();
  auto second = next();
  // CAF 1.x prints that it does not know what to do with this.
  compat::anon_send(caf::actor_cast<caf::actor>(sup),
                    caf::down_msg{first.child.address(), broken()});
  settle(sup);
  CHECK(is_alive(second));
  compat::anon_send(sup, stop_children{});
  CHECK(told_until_end(sup) == "stopped a1 shutdown, end none");
}

TEST_CASE_METHOD(supervisor_fixture,
                 "one actor can be two children, and ends for both") {
  auto shared = caf::actor{sys.spawn(worker, caf::unit)};
  auto child = spec("a");
  child.start = [shared, count = 0](caf::actor_system& system,
                                    const caf::error&) mutable {
    return ++count == 1 ? shared : caf::actor{system.spawn(worker, caf::unit)};
  };
  auto twin = child;
  twin.id = "b";
  auto sup = own(spawn_supervisor(sys, observed({child, twin})));
  fail(next(2)[0]);
  // In any order.
  auto counts = std::string{};
  for (auto& what : next(4))
    counts += what.kind == child_event_kind::started ? 's' : 'r';
  CHECK(std::count(counts.begin(), counts.end(), 's') == 2);
  compat::anon_send(sup, stop_children{});
  CHECK(told_until_end(sup)
        == "stopped b1 shutdown, stopped a1 shutdown, end none");
}

TEST_CASE_METHOD(supervisor_fixture, "a dead actor is a failed start") {
  auto dead = caf::actor{sys.spawn(worker, caf::unit)};
  compat::anon_send(dead, broken());
  REQUIRE(wait_for_end(dead) == ec::io_error);
  auto child = spec("a");
  child.start = [dead](caf::actor_system&, const caf::error&) {
    return dead;
  };
  auto options = observed({child});
  options.restarts.max_restarts = 1;
  auto sup = own(spawn_supervisor(sys, options));
  CHECK(told_until_end(sup)
        == "started a0 none, restarting a1 io_error, started a1 io_error, "
           "gave up a1 restart_limit, end restart_limit");
}

// -- the end of a supervisor --------------------------------------------------

TEST_CASE_METHOD(supervisor_fixture,
                 "a child that fails while its siblings stop stays down") {
  auto sup = own(spawn_supervisor(sys, observed({spec("a"), clinging("b")})));
  auto started = next(2);
  compat::anon_send(sup, stop_children{});
  CHECK(asked_to_end() == "b");
  fail(started[0]);
  CHECK(told(1) == "stopped a0 io_error");
  release(started[1]);
  CHECK(told_until_end(sup) == "stopped b0 none, end none");
}

TEST_CASE_METHOD(supervisor_fixture,
                 "an exit message takes the children along") {
  auto sup = own(spawn_supervisor(sys, observed({spec("a"), spec("b")})));
  next(2);
  // As if a linked actor had ended normally.
  caf::anon_send_exit(sup, caf::exit_reason::normal);
  settle(sup);
  caf::anon_send_exit(sup, caf::exit_reason::user_shutdown);
  CHECK(told_until_end(sup)
        == "stopped b0 shutdown, stopped a0 shutdown, end shutdown");
}

TEST_CASE_METHOD(supervisor_fixture,
                 "a supervisor that is killed kills its children") {
  auto sup = own(spawn_supervisor(sys, observed({spec("a"), clinging("b")})));
  auto started = next(2);
  auto ended = compat::request(self, sup, test::patience, stop_children{});
  CHECK(asked_to_end() == "b");
  caf::anon_send_exit(sup, caf::exit_reason::kill);
  CHECK(name_of(wait_for_end(started[0].child)) == "kill");
  CHECK(name_of(wait_for_end(started[1].child)) == "kill");
  CHECK(error_of<caf::unit_t>(ended) == ec::unavailable);
}

TEST_CASE_METHOD(supervisor_fixture,
                 "a supervisor without handles to it kills its children") {
  auto sup = spawn_supervisor(sys, observed({spec("a")}));
  auto started = next();
  settle(sup);
  sup = supervisor_actor{};
  CHECK(name_of(wait_for_end(started.child)) == "kill");
}

// -- supervisors of supervisors -----------------------------------------------

namespace {

// A supervisor that gives up at its first failure, as a child.
child_spec nested(supervisor_options options) {
  auto result = spec("inner");
  options.restarts.max_restarts = 0;
  result.start = [options](caf::actor_system& system, const caf::error&) {
    return caf::actor_cast<caf::actor>(spawn_supervisor(system, options));
  };
  result.shutdown_limit = std::chrono::nanoseconds::max();
  return result;
}

} // namespace

TEST_CASE_METHOD(supervisor_fixture,
                 "a supervisor that gives up is restarted by its own") {
  auto inner = observed({spec("leaf")});
  auto outer = observed({nested(inner)});
  outer.observer = {};
  outer.restarts.max_restarts = 1;
  auto sup = own(spawn_supervisor(sys, outer));
  auto first = next();
  fail(first);
  CHECK(told(1) == "gave up leaf0 restart_limit");
  auto second = next();
  CHECK(text(second) == "started leaf0 none");
  CHECK_FALSE(second.child == first.child);
  fail(second);
  caf::error reason;
  CHECK(told_until_end(sup, &reason)
        == "gave up leaf0 restart_limit, end restart_limit");
  CHECK(failure_of(reason).message
        == "child 'inner' ended after 1 restart within 5s; last error: "
           "restart_limit: child 'leaf' ended after 0 restarts within 5s; "
           "last error: io_error: broken");
}

TEST_CASE_METHOD(supervisor_fixture,
                 "a supervisor stops those whom its children supervise") {
  auto inner = observed({spec("x"), spec("y")});
  auto outer = observed({});
  outer.observer = {};
  auto sup = own(spawn_supervisor(sys, outer));
  REQUIRE(ask<caf::actor>(sup, start_child{nested(inner)}));
  next(2);
  compat::anon_send(sup, stop_children{});
  CHECK(told_until_end(sup)
        == "stopped y0 shutdown, stopped x0 shutdown, end none");
}

// -- endurance ----------------------------------------------------------------

TEST_CASE_METHOD(supervisor_fixture,
                 "hundreds of failures leave nothing behind") {
  auto options = observed({spec("a"), spec("b"), spec("c")});
  options.restarts.max_restarts = 1'000;
  auto sup = own(spawn_supervisor(sys, options));
  auto failures = 0;
  while (failures < 200) {
    auto what = next();
    if (what.kind == child_event_kind::started && what.id == "b") {
      ++failures;
      fail(what);
    }
  }
  REQUIRE(ask<caf::unit_t>(sup, stop_children{}));
  auto told = told_until_end(sup);
  CHECK(told.substr(told.size() - 8) == "end none");
}
