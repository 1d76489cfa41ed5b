#include "actors/core/pending_reply.hpp"
#include "onewriter/compat/interface.hpp"
#include "onewriter/compat/messaging.hpp"

#include "onewriter/config.hpp"
#include "onewriter/failure.hpp"
#include "tests/catch.hpp"

#include <chrono>
#include <future>
#include <thread>
#include <utility>

using namespace onewriter;
using namespace std::chrono_literals;

namespace {

struct clerk_trait {
  using signatures = compat::type_list<caf::result<write_receipt>(write)>;
};

using clerk_actor = compat::handle<clerk_trait>;

using reply_promise = std::promise<pending_reply>;

// Passes the reply on to the test, which gives it from its own thread.
clerk_actor::behavior_type clerk(clerk_actor::pointer self,
                                 std::shared_ptr<reply_promise> to) {
  return {
    [=](const write&) -> caf::result<write_receipt> {
      to->set_value(pending_reply{self});
      return caf::delegated<write_receipt>{};
    },
  };
}

class fixture {
public:
  fixture() : self{sys} {
    // nop
  }

  // What the requester is told: the number of the commit, or the error.
  template <class F>
  std::string told_after(F decide) {
    auto taken = std::make_shared<reply_promise>();
    auto waiting
      = compat::request(self, sys.spawn(clerk, taken), caf::infinite, write{});
    decide(taken->get_future().get());
    std::string result;
    std::move(waiting).receive(
      [&](const write_receipt& x) { result = std::to_string(x.commit); },
      [&](const caf::error& err) { result = to_string(code_of(err)); });
    return result;
  }

  static write_receipt receipt(uint64_t commit) {
    write_receipt result;
    result.commit = commit;
    return result;
  }

  config cfg;
  caf::actor_system sys{cfg};
  caf::scoped_actor self;
};

} // namespace

TEST_CASE_METHOD(fixture, "a pending reply is given from any thread") {
  CHECK(told_after([](pending_reply reply) {
          CHECK(reply);
          reply.deliver(receipt(7));
          CHECK_FALSE(reply);
        })
        == "7");
  CHECK(told_after([](pending_reply reply) {
          reply.deliver(make_failure(ec::busy, "another connection has it"));
        })
        == "busy");
}

TEST_CASE_METHOD(fixture, "a pending reply is given once") {
  CHECK(told_after([](pending_reply reply) {
          reply.deliver(receipt(1));
          reply.deliver(receipt(2));
        })
        == "1");
}

TEST_CASE_METHOD(fixture, "a pending reply can be moved") {
  CHECK(told_after([](pending_reply first) {
          auto second = std::move(first);
          pending_reply third;
          CHECK_FALSE(third);
          third = std::move(second);
          CHECK_FALSE(second);
          third.deliver(receipt(3));
        })
        == "3");
}

TEST_CASE_METHOD(fixture, "a reply that is never given is an error") {
  CHECK(told_after([](const pending_reply&) {}) == "unavailable");
  CHECK(told_after([](pending_reply reply) { reply = {}; }) == "unavailable");
}

TEST_CASE_METHOD(fixture, "a message that is no request gets no reply") {
  auto taken = std::make_shared<reply_promise>();
  compat::send(self, sys.spawn(clerk, taken), write{});
  auto reply = taken->get_future().get();
  CHECK_FALSE(reply);
  reply.deliver(receipt(1));
  auto got_any = false;
  self->receive([&](const write_receipt&) { got_any = true; },
                caf::after(0ms) >> [] {});
  CHECK_FALSE(got_any);
}
