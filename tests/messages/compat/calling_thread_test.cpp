// Actors that run on a thread which waits for a reply.
#include "actors/support/caller_run_actor.hpp"
#include "actors/support/calling_threads.hpp"
#include "messages/compat/waiting_actor.hpp"
#include "onewriter/compat/interface.hpp"

#include "tests/fixture.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

using namespace onewriter;
using namespace onewriter::test;

namespace {

struct echo_trait {
  using signatures = compat::type_list<caf::result<int32_t>(int32_t)>;
};

using echo_actor = compat::handle<echo_trait>;

/// What an actor does with each message, on its thread.
using action = std::function<void(int32_t)>;

class echo_state {
public:
  explicit echo_state(echo_actor::pointer) {
    // nop
  }

  echo_actor::behavior_type make_behavior(action what) {
    return {[what = std::move(what)](int32_t x) {
      return what(x), x;
    }};
  }

  static inline const char* name = "echo";
};

using short_echo = caller_run_actor<echo_actor, echo_state, false>;
using long_echo = caller_run_actor<echo_actor, echo_state, true>;

echo_actor::behavior_type
foreign_echo(echo_actor::stateful_pointer<echo_state> self, action what) {
  return compat::state(self).make_behavior(std::move(what));
}

/// The thread that runs an actor.
struct seen_thread {
  std::atomic<std::thread::id> id{};

  action record() {
    return [this](int32_t) {
      id = std::this_thread::get_id();
    };
  }

  bool is_this_one() const {
    return id.load() == std::this_thread::get_id();
  }
};

class caller_fixture : public fixture {
public:
  calling_threads::pointer context = calling_threads::take(sys);
  compat::scoped_waiting_actor caller{sys, *context};

  template <class Handle>
  int32_t ask_as_caller(const Handle& whom, int32_t x) {
    int32_t result = 0;
    caller->expect_reply();
    compat::request(caller, whom, caf::infinite, x)
      .receive([&](int32_t y) { result = y; },
               [](const caf::error&) { FAIL("no reply"); });
    return result;
  }

  /// Returns once `whom` waits for messages.
  template <class Handle>
  Handle idle(Handle whom) {
    REQUIRE(ask<int32_t>(whom, int32_t{0}));
    // Its thread may still be leaving it.
    while (!whom_is_blocked(whom))
      std::this_thread::yield();
    return own(whom);
  }

private:
  template <class Handle>
  static bool whom_is_blocked(const Handle& whom) {
    auto ptr = caf::actor_cast<caf::abstract_actor*>(whom);
    return dynamic_cast<caf::scheduled_actor*>(ptr)->mailbox().blocked();
  }
};

} // namespace

TEST_CASE_METHOD(caller_fixture, "a caller runs what its request wakes") {
  seen_thread seen;
  auto to = GENERATE(true, false)
              ? idle(echo_actor{sys.spawn<short_echo>(seen.record())})
              : idle(echo_actor{sys.spawn<long_echo>(seen.record())});
  CHECK_FALSE(seen.is_this_one());
  {
    compat::calling_thread::scope running{context.get()};
    CHECK(ask_as_caller(to, 1) == 1);
  }
  CHECK(seen.is_this_one());
}

TEST_CASE_METHOD(caller_fixture, "a caller runs nothing outside of its scope") {
  seen_thread seen;
  auto to = idle(echo_actor{sys.spawn<short_echo>(seen.record())});
  SECTION("without one") {
    CHECK(ask_as_caller(to, 1) == 1);
  }
  SECTION("in one that runs nothing, within one that does") {
    compat::calling_thread::scope outer{context.get()};
    compat::calling_thread::scope inner{nullptr};
    CHECK(ask_as_caller(to, 1) == 1);
  }
  CHECK_FALSE(seen.is_this_one());
}

TEST_CASE_METHOD(caller_fixture, "a caller does not run actors of others") {
  seen_thread seen;
  auto to = idle(echo_actor{sys.spawn(foreign_echo, seen.record())});
  compat::calling_thread::scope running{context.get()};
  CHECK(ask_as_caller(to, 1) == 1);
  CHECK_FALSE(seen.is_this_one());
}

TEST_CASE_METHOD(caller_fixture,
                 "an actor that takes long keeps none waiting") {
  // It waits for what has become runnable after it, and for what it makes
  // runnable itself: both run on the scheduler.
  seen_thread other;
  seen_thread during;
  auto first = idle(echo_actor{sys.spawn<short_echo>(other.record())});
  auto second = idle(echo_actor{sys.spawn<short_echo>(during.record())});
  auto waits = idle(echo_actor{sys.spawn<long_echo>([&](int32_t x) {
    if (x == 0)
      return;
    compat::send(caller, second, int32_t{1});
    while (other.id.load() == std::thread::id{}
           || during.id.load() == std::thread::id{})
      std::this_thread::yield();
  })});
  other.id = std::thread::id{};
  during.id = std::thread::id{};
  compat::calling_thread::scope running{context.get()};
  SECTION("made runnable before it") {
    compat::send(caller, first, int32_t{1});
    CHECK(ask_as_caller(waits, 1) == 1);
    CHECK(other.is_this_one());
  }
  SECTION("made runnable after it") {
    caller->expect_reply();
    auto response = compat::request(caller, waits, caf::infinite, int32_t{1});
    compat::send(caller, first, int32_t{1});
    auto reply = receive<int32_t>(std::move(response));
    CHECK(reply == 1);
    CHECK_FALSE(other.is_this_one());
  }
  CHECK_FALSE(during.is_this_one());
}

TEST_CASE_METHOD(caller_fixture, "a caller that gets another reply keeps "
                                 "nothing for itself") {
  seen_thread seen;
  auto first = idle(echo_actor{sys.spawn<short_echo>([](int32_t) {})});
  auto second = idle(echo_actor{sys.spawn<short_echo>(seen.record())});
  compat::calling_thread::scope running{context.get()};
  caller->expect_reply();
  // Its reply comes first, and none waits for it.
  auto late = compat::request(caller, first, caf::infinite, int32_t{1});
  auto reply = receive<int32_t>(
    compat::request(caller, second, caf::infinite, int32_t{2}));
  CHECK(reply == 2);
  CHECK_FALSE(seen.is_this_one());
  CHECK(receive<int32_t>(std::move(late)) == 1);
}

TEST_CASE_METHOD(caller_fixture, "what a caller has not run goes to the "
                                 "scheduler") {
  std::vector<seen_thread> seen(20);
  std::vector<echo_actor> to;
  for (auto& item : seen) {
    to.push_back(idle(echo_actor{sys.spawn<short_echo>(item.record())}));
    item.id = std::thread::id{};
  }
  {
    // More than it keeps itself.
    compat::calling_thread::scope running{context.get()};
    for (auto& whom : to)
      compat::send(caller, whom, int32_t{1});
  }
  for (auto& whom : to)
    CHECK(ask<int32_t>(whom, int32_t{2}) == 2);
  for (auto& item : seen)
    CHECK_FALSE(item.is_this_one());
}

TEST_CASE_METHOD(fixture, "a context is used again by later callers") {
  auto first = calling_threads::take(sys);
  auto second = calling_threads::take(sys);
  CHECK(first != second);
  auto address = first.get();
  first.reset();
  CHECK(calling_threads::take(sys).get() == address);
  caf::actor_system other{cfg};
  CHECK(calling_threads::take(other).get() != address);
}
