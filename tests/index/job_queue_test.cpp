#include "actors/index/job_queue.hpp"

#include "tests/catch.hpp"

#include <string>

using namespace onewriter;

namespace {

class line_fixture {
public:
  void push(uint64_t id, const std::string& key) {
    index_job job;
    job.id = id;
    job.bytes = 10;
    if (!key.empty())
      job.document = document_name{"notes", key};
    line.push(std::move(job));
  }

  // Takes out what may run, and remembers it.
  std::string pop_all() {
    std::string result;
    while (auto job = line.pop()) {
      result += std::to_string(job->id) + " ";
      running.push_back(std::move(*job));
    }
    return result;
  }

  void release_all() {
    for (auto& job : running)
      line.release(job);
    running.clear();
  }

  job_queue line;
  std::vector<index_job> running;
};

} // namespace

TEST_CASE_METHOD(line_fixture, "jobs of different documents run in order") {
  push(1, "a");
  push(2, "b");
  push(3, "");
  push(4, "");
  CHECK(line.size() == 4);
  CHECK(line.bytes() == 40);
  CHECK(pop_all() == "1 2 3 4 ");
  CHECK(line.size() == 0);
  CHECK(line.bytes() == 0);
}

TEST_CASE_METHOD(line_fixture, "a job waits for those of its document") {
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

TEST_CASE_METHOD(line_fixture, "documents are those of waiting and of running "
                               "jobs") {
  push(1, "a");
  push(2, "b");
  push(3, "");
  pop_all();
  push(4, "c");
  std::string keys;
  for (auto& document : line.documents())
    keys += document.key;
  CHECK(keys == "cab");
  release_all();
  CHECK(line.documents().size() == 1);
}

TEST_CASE_METHOD(line_fixture, "jobs that are dropped leave the rest in "
                               "order") {
  for (uint64_t id = 1; id <= 6; ++id)
    push(id, std::to_string(id));
  auto is_even = [](const index_job& job) {
    return job.id % 2 == 0;
  };
  CHECK(line.any_of(is_even));
  CHECK(line.drop_if(is_even) == 3);
  CHECK_FALSE(line.any_of(is_even));
  CHECK(line.bytes() == 30);
  CHECK(pop_all() == "1 3 5 ");
}
