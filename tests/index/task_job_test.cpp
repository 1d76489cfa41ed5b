#include "actors/index/jobs/task_job.hpp"

#include "tests/index/index_fixture.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

namespace {

/// Inserts the numbers below `total`, and may fail in many ways.
class number_task : public chunked_task {
public:
  explicit number_task(size_t total) : total_{total} {
    // nop
  }

  caf::expected<size_t> prepare(size_t units) override {
    if (undoing_)
      return std::exchange(to_undo_, 0);
    if (fail_prepare && next_ > 0)
      return make_failure(ec::function_failed, "no more");
    if (throw_prepare && next_ > 0)
      throw std::runtime_error("prepare is broken");
    chunk_ = std::min(units, total_ - next_);
    sizes.push_back(chunk_);
    return chunk_;
  }

  caf::error apply(session& db) override {
    if (undoing_) {
      auto undone = db.run("DELETE FROM number");
      return undone ? caf::error{} : undone.error();
    }
    if (fail_apply && next_ > 0)
      return make_failure(ec::constraint_violated, "does not fit");
    if (throw_apply && next_ > 0)
      throw std::runtime_error("apply is broken");
    for (size_t i = 0; i < chunk_; ++i) {
      auto done = db.run("INSERT INTO number VALUES(?)",
                         static_cast<int64_t>(next_ + i));
      if (!done)
        return done.error();
    }
    return {};
  }

  void committed() override {
    if (throw_committed)
      throw std::runtime_error("committed is broken");
    next_ += undoing_ ? 0 : chunk_;
  }

  bool abandon(const caf::error& reason) override {
    abandoned_with = reason;
    undoing_ = undoes;
    to_undo_ = 1;
    return undoes;
  }

  bool fail_prepare = false;
  bool throw_prepare = false;
  bool fail_apply = false;
  bool throw_apply = false;
  bool throw_committed = false;
  bool undoes = false;
  caf::error abandoned_with;
  std::vector<size_t> sizes;

private:
  size_t total_;
  size_t next_ = 0;
  size_t chunk_ = 0;
  size_t to_undo_ = 0;
  bool undoing_ = false;
};

class task_fixture : public index_fixture {
public:
  task_fixture() {
    auto made
      = script->db->run(statement{"CREATE TABLE number(n INTEGER PRIMARY KEY)"},
                        sqlite::result_limits{});
    REQUIRE(made);
  }

  caf::expected<job_receipt> run() {
    return ask<job_receipt>(indexer, chunked_job{task});
  }

  std::string numbers() {
    return rows("SELECT count(*), max(n) FROM number");
  }

  std::shared_ptr<number_task> task = std::make_shared<number_task>(1'000);
};

} // namespace

TEST_CASE_METHOD(task_fixture, "a task runs in chunks that start small") {
  start();
  auto receipt = run();
  REQUIRE(receipt);
  CHECK(receipt->units == 1'000);
  CHECK(receipt->chunks == task->sizes.size() - 1);
  CHECK(receipt->commit == receipt->chunks);
  CHECK(receipt->longest_chunk > 0ns);
  CHECK(task->sizes.front() == 1);
  CHECK(task->sizes[1] == 2);
  CHECK(task->sizes.back() == 0);
  CHECK(numbers() == "1000|999\n");
}

TEST_CASE_METHOD(task_fixture, "a task may be applied twice") {
  script->decide = [](const core_request&) {
    return fate::repeat;
  };
  start();
  REQUIRE(run());
  CHECK(numbers() == "1000|999\n");
}

TEST_CASE_METHOD(task_fixture, "a task is not repeated when its outcome is "
                               "unknown") {
  script->decide = [](const core_request& what) {
    return what.number < 2 ? fate::commit : fate::doubt;
  };
  start();
  CHECK(name_of(run()) == "outcome_unknown");
  CHECK(script->requests().size() == 3);
}

TEST_CASE_METHOD(task_fixture, "a task that fails keeps what was committed") {
  start();
  SECTION("while preparing") {
    task->fail_prepare = true;
    auto failed = run();
    CHECK(name_of(failed) == "function_failed");
    CHECK(message_of(failed) == "no more");
  }
  SECTION("by an exception while preparing") {
    task->throw_prepare = true;
    auto failed = run();
    CHECK(name_of(failed) == "function_failed");
    CHECK(message_of(failed) == "the task threw: prepare is broken");
  }
  SECTION("while being applied") {
    task->fail_apply = true;
    CHECK(name_of(run()) == "constraint_violated");
  }
  SECTION("by an exception while being applied") {
    task->throw_apply = true;
    auto failed = run();
    CHECK(name_of(failed) == "function_failed");
    CHECK(message_of(failed) == "apply is broken");
  }
  SECTION("by an exception after the commit") {
    task->throw_committed = true;
    auto failed = run();
    CHECK(name_of(failed) == "internal");
    CHECK(message_of(failed) == "a job threw: committed is broken");
  }
  CHECK(numbers() == "1|0\n");
  // The runner is none the worse.
  task = std::make_shared<number_task>(0);
  CHECK(run());
}

TEST_CASE_METHOD(task_fixture, "a task can undo what it did") {
  start();
  task->undoes = true;
  task->fail_apply = true;
  CHECK(name_of(run()) == "constraint_violated");
  CHECK(code_of(task->abandoned_with) == ec::constraint_violated);
  CHECK(rows("SELECT count(*) FROM number") == "0\n");
}

TEST_CASE_METHOD(task_fixture, "tasks and documents share the jobs") {
  opts.index_jobs = 2;
  start();
  using task_reply = decltype(send(chunked_job{}));
  using index_reply = decltype(send(chunked_index{}));
  std::vector<task_reply> tasks;
  std::vector<index_reply> documents;
  for (int i = 0; i < 5; ++i) {
    documents.push_back(
      send(from_text(std::to_string(i), text_with("apple", 50'000))));
    tasks.push_back(send(chunked_job{std::make_shared<number_task>(0)}));
  }
  for (auto& reply : tasks)
    CHECK(reply_of<job_receipt>(reply));
  for (auto& reply : documents)
    CHECK(is_sound(reply_of(reply)));
}
