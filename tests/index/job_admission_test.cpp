#include "actors/index/job_admission.hpp"

#include "tests/catch.hpp"
#include "tests/index/empty_job.hpp"

#include <string>
#include <utility>

using namespace onewriter;
using namespace onewriter::test;

namespace {

options with_limits(size_t items, size_t bytes) {
  options result;
  result.path = "test.db";
  result.queue.max_items = items;
  result.queue.max_bytes = bytes;
  return result;
}

chunked_index index_of(std::string key, std::string text) {
  chunked_index result;
  result.index = "notes";
  result.key = std::move(key);
  result.text = std::move(text);
  return result;
}

} // namespace

TEST_CASE("there is room for as many jobs as the limit says") {
  job_admission admission{with_limits(2, 1'000'000)};
  job_queue waiting;
  auto what = index_of("a", "text");
  waiting.push(admission.make(what, waiting));
  CHECK(admission.check_room(what, waiting) == caf::none);
  waiting.push(admission.make(what, waiting));
  CHECK(admission.check_room(what, waiting) == ec::overloaded);
}

TEST_CASE("there is room for as many bytes as the limit says") {
  auto small = index_of("a", "text");
  auto large = index_of("b", std::string(5'000, 'x'));
  job_admission admission{with_limits(100, 3'000)};
  job_queue waiting;
  // If it is alone, it could never come otherwise.
  CHECK(admission.check_room(large, waiting) == caf::none);
  waiting.push(admission.make(small, waiting));
  CHECK(admission.check_room(small, waiting) == caf::none);
  CHECK(admission.check_room(large, waiting) == ec::overloaded);
  CHECK(admission.check_room(remove_document{"notes", "b"}, waiting)
        == caf::none);
}

TEST_CASE("each job has a number of its own") {
  job_admission admission{with_limits(2, 1'000'000)};
  job_queue waiting;
  auto index = admission.make(index_of("a", "text"), waiting);
  auto removal = admission.make(remove_document{"notes", "a"}, waiting);
  auto cleanup = admission.make_cleanup();
  auto resumed = admission.make_resumed(index_of("a", ""));
  CHECK(removal.id == index.id + 1);
  CHECK(cleanup.id == index.id + 2);
  CHECK(resumed.id == index.id + 3);
  CHECK(admission.next_id() == index.id + 4);
}

TEST_CASE("a job knows what kind of job it is") {
  job_admission admission{with_limits(2, 1'000'000)};
  job_queue waiting;
  auto index = admission.make(index_of("a", "text"), waiting);
  auto removal = admission.make(remove_document{"notes", "b"}, waiting);
  auto cleanup = admission.make_cleanup();
  CHECK(index.is_index_job());
  CHECK(index.document->key == "a");
  CHECK_FALSE(removal.is_index_job());
  CHECK(removal.document->key == "b");
  CHECK_FALSE(removal.is_cleanup);
  CHECK(cleanup.is_cleanup);
  CHECK_FALSE(cleanup.document);
}

TEST_CASE("a job inherits what an earlier process left of its document") {
  job_admission admission{with_limits(10, 1'000'000)};
  job_queue waiting;
  CHECK_FALSE(admission.make(index_of("a", "text"), waiting).has_leftover);
  auto resumed = admission.make_resumed(index_of("a", ""));
  CHECK(resumed.has_leftover);
  CHECK_FALSE(resumed.has_requester());
  waiting.push(std::move(resumed));
  CHECK(admission.make(index_of("a", "text"), waiting).has_leftover);
  CHECK_FALSE(admission.make(index_of("b", "text"), waiting).has_leftover);
}
