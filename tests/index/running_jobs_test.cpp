#include "actors/index/running_jobs.hpp"

#include "onewriter/failure.hpp"
#include "tests/fixture.hpp"
#include "tests/index/empty_job.hpp"

#include <string>
#include <utility>

using namespace onewriter;
using namespace onewriter::test;

namespace {

class running_fixture : public fixture {
public:
  job_signals_ptr add(index_job job) {
    return jobs.add(std::move(job)).signals;
  }

  job_signals_ptr add(uint64_t id, const std::string& key,
                      chunk_kind kind = chunk_kind::passages) {
    return add(make_job(id, key, kind));
  }

  job_signals_ptr add_cleanup(uint64_t id) {
    auto job = make_job(id, "", chunk_kind::removals);
    job.is_cleanup = true;
    return add(std::move(job));
  }

  running_jobs jobs;
};

} // namespace

TEST_CASE_METHOD(running_fixture, "a running job is taken once") {
  add(1, "a");
  add(2, "b");
  auto first = jobs.take(1);
  REQUIRE(first);
  CHECK(first->document->key == "a");
  CHECK_FALSE(jobs.take(1));
  CHECK_FALSE(jobs.empty());
  CHECK(jobs.take(2));
  CHECK(jobs.empty());
}

TEST_CASE_METHOD(running_fixture, "a cleanup takes no place of a job") {
  add(1, "a");
  CHECK_FALSE(jobs.has_cleanup());
  CHECK(jobs.size_without_cleanup() == 1);
  add_cleanup(2);
  CHECK(jobs.has_cleanup());
  CHECK(jobs.size_without_cleanup() == 1);
  jobs.take(1);
  CHECK(jobs.size_without_cleanup() == 0);
  CHECK_FALSE(jobs.empty());
}

TEST_CASE_METHOD(running_fixture, "a running job is found by its runner") {
  caf::scoped_actor other{sys};
  add(1, "a");
  auto job = make_job(2, "b", chunk_kind::passages);
  job.runner = caf::actor_cast<chunk_runner_actor>(self.address());
  add(std::move(job));
  CHECK(jobs.job_of(self.address()) == uint64_t{2});
  CHECK_FALSE(jobs.job_of(other.address()));
}

TEST_CASE_METHOD(running_fixture, "only a job that adds a document is "
                                  "cancelled") {
  auto removal = add(1, "a", chunk_kind::removals);
  CHECK_FALSE(jobs.cancel({"notes", "a"}, {}));
  auto other = add(2, "b");
  auto index = add(3, "a");
  CHECK(jobs.cancel({"notes", "a"}, {}));
  CHECK(index->cancelled);
  CHECK_FALSE(other->cancelled);
  CHECK_FALSE(removal->cancelled);
  CHECK(jobs.take(3)->cancels.size() == 1);
}

TEST_CASE_METHOD(running_fixture, "jobs stop together, or the cleanup alone") {
  auto job = add(1, "a");
  auto cleanup = add_cleanup(2);
  jobs.stop_cleanup();
  CHECK(cleanup->stopped);
  CHECK_FALSE(job->stopped);
  jobs.stop_all();
  CHECK(job->stopped);
  CHECK_FALSE(job->cancelled);
}
