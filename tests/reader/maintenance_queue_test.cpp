#include "actors/reader/queue/maintenance_queue.hpp"

#include "onewriter/failure.hpp"
#include "tests/fixture.hpp"

#include <string>
#include <utility>
#include <variant>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

namespace {

using time_point = maintenance_queue::time_point;

constexpr auto never = time_point::max();

// Any time is suitable: the queue has no clock.
constexpr auto start = time_point{1h};

class queue_fixture : public fixture {
public:
  void push(std::string path, time_point expires = never) {
    backup_work work;
    work.what.path = std::move(path);
    queue.push({caf::response_promise{}, std::move(work)}, expires);
  }

  // Returns the path of the next backup, nothing if none may run.
  std::string next() {
    auto found = queue.next();
    return found ? std::get<backup_work>(found->work).what.path : "";
  }

  // An actor of the test, which stands in for one that makes a backup.
  static sqlite_backup_actor worker(const caf::scoped_actor& which) {
    return caf::actor_cast<sqlite_backup_actor>(which.address());
  }

  maintenance_queue queue;
};

} // namespace

TEST_CASE_METHOD(queue_fixture, "maintenance runs one at a time, in order") {
  push("a");
  push("b");
  CHECK(next() == "a");
  queue.started(worker(self));
  CHECK(queue.is_running());
  CHECK(next() == "");
  queue.finished();
  CHECK_FALSE(queue.is_running());
  CHECK(next() == "b");
  CHECK(next() == "");
}

TEST_CASE_METHOD(queue_fixture, "maintenance ends with its own actor only") {
  caf::scoped_actor other{sys};
  push("a");
  queue.started(worker(self));
  queue.forget(other.address());
  CHECK(queue.is_running());
  queue.forget(self.address());
  CHECK_FALSE(queue.is_running());
  queue.forget(self.address());
  CHECK(next() == "a");
}

TEST_CASE_METHOD(queue_fixture, "maintenance has limited room to wait in") {
  for (size_t i = 0; i < maintenance_queue::max_waiting; ++i) {
    CHECK(queue.check_room() == caf::none);
    push(std::to_string(i));
  }
  auto refusal = queue.check_room();
  CHECK(refusal == ec::overloaded);
  CHECK(failure_of(refusal).retry_after == 1s);
  // What runs takes no room.
  CHECK(next() == "0");
  queue.started(worker(self));
  CHECK(queue.check_room() == caf::none);
}

TEST_CASE_METHOD(queue_fixture, "maintenance that expires leaves the queue") {
  push("a", start + 2s);
  push("b");
  push("c", start + 1s);
  CHECK(queue.next_expiry() == start + 1s);
  queue.refuse_expired(start);
  CHECK(queue.next_expiry() == start + 1s);
  queue.refuse_expired(start + 2s);
  CHECK(queue.next_expiry() == never);
  CHECK(next() == "b");
  CHECK(next() == "");
}

TEST_CASE_METHOD(queue_fixture, "what runs is asked to stop, not refused") {
  auto reason = make_failure(ec::closed, "the database is being closed");
  queue.cancel_running(reason);
  queue.started(worker(self));
  push("a");
  queue.refuse_waiting(reason);
  CHECK(queue.is_running());
  queue.cancel_running(reason);
  caf::error got;
  self->receive([&](const cancel_maintenance& what) { got = what.reason; });
  CHECK(got == ec::closed);
  queue.finished();
  CHECK(next() == "");
}
