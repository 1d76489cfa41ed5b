// Actors that let others run before they process what they have received.
#include "actors/support/caller_run_actor.hpp"
#include "onewriter/compat/interface.hpp"

#include "tests/fixture.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

using namespace onewriter;
using namespace onewriter::test;

namespace {

struct collector_trait {
  // Returns its argument.
  using signatures = compat::type_list<caf::result<int32_t>(int32_t)>;
};

using collector_actor = compat::handle<collector_trait>;

/// Sent by the collector to itself: the batch is complete.
constexpr int32_t marker = -1;

/// Asked by the test: not counted.
constexpr int32_t question = -2;

/// The sizes of all batches.
using batches = std::vector<int32_t>;

class collector_state {
public:
  explicit collector_state(collector_actor::pointer self) : self_{self} {
    // nop
  }

  collector_actor::behavior_type make_behavior(std::shared_ptr<batches> found,
                                               compat::yield_points wanted) {
    found_ = std::move(found);
    compat::yields_of(self_) = wanted;
    return {[this](int32_t x) {
      if (x == marker)
        finish();
      else if (x != question)
        collect();
      return x;
    }};
  }

  static inline const char* name = "collector";

private:
  void collect() {
    if (++size_ == 1)
      // Without a sender, who would get its result.
      compat::anon_send(collector_actor{self_}, marker);
  }

  void finish() {
    found_->push_back(size_);
    size_ = 0;
    compat::yields_of(self_).now = true;
  }

  collector_actor::pointer self_;
  std::shared_ptr<batches> found_;
  int32_t size_ = 0;
};

using collector = caller_run_actor<collector_actor, collector_state, false>;

/// With one thread, and all messages sent by one actor, the order in which
/// actors run is always the same.
class one_thread_fixture {
public:
  one_thread_fixture() {
    cfg.set(max_threads_key, size_t{1});
  }

  config cfg;
};

constexpr int32_t senders = 8;

/// Makes several actors runnable at once, each of which sends to one collector.
void make_senders(caf::event_based_actor* self, const collector_actor& to,
                  std::atomic<int32_t>* sent) {
  for (int32_t i = 0; i < senders; ++i)
    self->spawn([to, i, sent](caf::event_based_actor* sender) {
      compat::send(sender, to, i);
      ++*sent;
    });
}

batches collected(one_thread_fixture& in, compat::yield_points wanted) {
  auto result = std::make_shared<batches>();
  std::atomic<int32_t> sent{0};
  caf::actor_system sys{in.cfg};
  caf::scoped_actor self{sys};
  auto to = sys.spawn<collector>(result, wanted);
  sys.spawn(make_senders, to, &sent);
  // A question must not come between them.
  while (sent < senders)
    std::this_thread::yield();
  // The second one comes after the marker of the last batch.
  for (auto i = 0; i < 2; ++i)
    compat::request(self, to, patience, question)
      .receive([](int32_t) {}, [](const caf::error&) { FAIL("no reply"); });
  caf::anon_send_exit(to, caf::exit_reason::user_shutdown);
  self->wait_for(to);
  return *result;
}

} // namespace

TEST_CASE_METHOD(one_thread_fixture, "a woken actor that yields collects from "
                                     "all that are ready") {
  compat::yield_points none;
  // Last in, first out: it runs after each sender.
  CHECK(collected(*this, none).size() > 1);
  auto when_woken = none;
  when_woken.when_woken = true;
  CHECK(collected(*this, when_woken) == batches{senders});
}
