#include "actors/index/job_queue.hpp"

#include "onewriter/failure.hpp"
#include "tests/catch.hpp"
#include "tests/index/empty_job.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace onewriter;
using namespace onewriter::test;

namespace {

class queue_fixture {
public:
  void push(uint64_t id, const std::string& key,
            chunk_kind kind = chunk_kind::passages) {
    queue.push(make_job(id, key, kind));
  }

  void push_leftover(uint64_t id, const std::string& key) {
    auto job = make_job(id, key, chunk_kind::passages);
    job.has_leftover = true;
    queue.push(std::move(job));
  }

  // Takes out what may run, and remembers it.
  std::string pop_all() {
    std::string result;
    while (auto job = queue.pop()) {
      result += std::to_string(job->id) + " ";
      running.push_back(std::move(*job));
    }
    return result;
  }

  void release_all() {
    for (auto& job : running)
      queue.release(job);
    running.clear();
  }

  job_queue queue;
  std::vector<index_job> running;
};

} // namespace

TEST_CASE_METHOD(queue_fixture, "jobs of different documents run in order") {
  push(1, "a");
  push(2, "b");
  push(3, "");
  push(4, "");
  CHECK(queue.size() == 4);
  CHECK(queue.bytes() == 40);
  CHECK(pop_all() == "1 2 3 4 ");
  CHECK(queue.size() == 0);
  CHECK(queue.bytes() == 0);
}

TEST_CASE_METHOD(queue_fixture, "a job waits for those of its document") {
  push(1, "a");
  push(2, "a");
  push(3, "b");
  push(4, "a");
  CHECK(pop_all() == "1 3 ");
  CHECK(pop_all() == "");
  release_all();
  CHECK(pop_all() == "2 ");
  release_all();
  CHECK(pop_all() == "4 ");
}

TEST_CASE_METHOD(queue_fixture, "documents are those of waiting and of running "
                                "jobs") {
  push(1, "a");
  push(2, "b");
  push(3, "");
  pop_all();
  push(4, "c");
  std::string keys;
  for (auto& document : queue.documents())
    keys += document.key;
  CHECK(keys == "cab");
  release_all();
  CHECK(queue.documents().size() == 1);
}

TEST_CASE_METHOD(queue_fixture, "a cancelled job leaves the rest in order") {
  push(1, "a");
  push(2, "b");
  push(3, "a", chunk_kind::removals);
  push(4, "a");
  push(5, "c");
  queue.cancel({"notes", "a"}, make_failure(ec::cancelled, "cancelled"));
  CHECK(queue.size() == 3);
  CHECK(queue.bytes() == 30);
  CHECK(pop_all() == "2 3 5 ");
}

TEST_CASE_METHOD(queue_fixture, "a cancelled job that has something to undo "
                                "stays") {
  push_leftover(1, "a");
  queue.cancel({"notes", "a"}, make_failure(ec::cancelled, "cancelled"));
  // A new job cannot do that for it any more.
  CHECK_FALSE(queue.has_leftover({"notes", "a"}));
  queue.drop_leftovers({"notes", "a"});
  CHECK(pop_all() == "1 ");
  CHECK(running.front().signals->cancelled);
}

TEST_CASE_METHOD(queue_fixture, "jobs of an earlier process can be replaced") {
  push_leftover(1, "a");
  push_leftover(2, "b");
  push(3, "c");
  CHECK(queue.has_leftover({"notes", "a"}));
  CHECK_FALSE(queue.has_leftover({"others", "a"}));
  queue.drop_leftovers({"notes", "a"});
  CHECK_FALSE(queue.has_leftover({"notes", "a"}));
  CHECK(queue.bytes() == 20);
  CHECK(pop_all() == "2 3 ");
}

TEST_CASE_METHOD(queue_fixture, "a job with a requester is not replaced") {
  auto asked = make_job(3, "a", chunk_kind::passages);
  asked.has_leftover = true;
  asked.reply = index_job::index_reply{};
  queue.push(std::move(asked));
  CHECK_FALSE(queue.has_leftover({"notes", "a"}));
  queue.drop_leftovers({"notes", "a"});
  CHECK(pop_all() == "3 ");
}

TEST_CASE_METHOD(queue_fixture, "a queue of jobs can be refused as a whole") {
  push(1, "a");
  push_leftover(2, "b");
  CHECK(queue.refuse_all(make_failure(ec::closed, "closed")) == 2);
  CHECK(queue.size() == 0);
  CHECK(queue.bytes() == 0);
  CHECK(pop_all() == "");
}
