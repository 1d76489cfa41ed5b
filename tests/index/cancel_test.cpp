// What an indexer does when jobs are cancelled and documents removed.
#include "onewriter/compat/messaging.hpp"
#include "tests/index/index_fixture.hpp"

#include <atomic>
#include <set>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

// -- cancelling -------------------------------------------------------------------------

TEST_CASE_METHOD(index_fixture, "a waiting job is cancelled at once") {
  opts.index_jobs = 1;
  script->decide = [](const core_request&) {
    return fate::hold;
  };
  start();
  send(from_text("a", "x"));
  auto waiting = send(from_text("b", "x"));
  send(from_text("c", "x"));
  CHECK(cancel("b") == "none");
  CHECK(name_of(reply_of(waiting)) == "cancelled");
  CHECK(shared->index_jobs.get() == 2);
}

TEST_CASE_METHOD(index_fixture, "a running job is cancelled and undone") {
  opts.chunk_time = 1ms;
  std::atomic<bool> cancelling{false};
  script->committed = [&](const core_request& what) {
    // Some chunks into the new version.
    if (cancelling && what.number == 20)
      compat::anon_send(indexer, cancel_index{"notes", "a"});
  };
  auto process = start_scoped();
  REQUIRE(put("a", "hello"));
  cancelling = true;
  auto cancelled = put("a", text_with("new", 5'000'000));
  CHECK(name_of(cancelled) == "cancelled");
  CHECK(rows("SELECT * FROM onewriter_index_job") == "");
  CHECK(places("hello") == "a@0");
  CHECK(places("new") == "");
  wait_until_clean();
  CHECK(passages() == 1);
  CHECK(put("a", "again")->replaced);
}

TEST_CASE_METHOD(index_fixture, "a cancel is answered when the job has ended") {
  opts.chunk_time = 1ms;
  start();
  auto job = send(from_text("a", sample_text(5'000'000)));
  script->wait_for(is_content);
  CHECK(cancel("a") == "none");
  CHECK(rows("SELECT * FROM onewriter_index_job") == "");
  CHECK(name_of(reply_of(job)) == "cancelled");
}

TEST_CASE_METHOD(index_fixture, "cancelling what does not run is no error") {
  start();
  CHECK(cancel("a") == "none");
  REQUIRE(put("a", "hello"));
  CHECK(cancel("a") == "none");
  CHECK(places("hello") == "a@0");
}

TEST_CASE_METHOD(index_fixture, "a job that is cancelled at any moment ends "
                                "either way") {
  opts.chunk_time = 1ms;
  start();
  for (int round = 0; round < 30; ++round) {
    CAPTURE(round);
    auto text = text_with("round" + std::to_string(round), 60'000);
    auto job = send(from_text("a", text));
    for (int i = 0; i < round; ++i)
      ask<caf::unit_t>(indexer, cancel_index{"notes", "other"});
    CHECK(cancel("a") == "none");
    auto receipt = reply_of(job);
    auto ending = name_of(receipt);
    CHECK((ending == "none" || ending == "cancelled"));
    CHECK((content("a") == text) == (ending == "none"));
    CHECK(rows("SELECT * FROM onewriter_index_job") == "");
  }
  wait_until_clean();
  CHECK(rows("SELECT count(*) FROM onewriter_fts_1")
        == rows("SELECT coalesce(sum(end_passage - first_passage), 0) FROM "
                "onewriter_document"));
}

// -- removing ---------------------------------------------------------------------------

TEST_CASE_METHOD(index_fixture, "a document is removed chunk by chunk, but out "
                                "of sight at once") {
  auto observer = open_reader(opts.path);
  std::atomic<bool> observing{false};
  std::set<size_t> states;
  script->committed = [&](const core_request&) {
    auto found = find(*observer, "apple");
    if (observing)
      states.insert(found ? found->hits.size() : 0);
  };
  auto process = start_scoped();
  REQUIRE(put("a", text_with("apple", 300'000)));
  REQUIRE(put("b", "apple"));
  auto before = passages();
  observing = true;
  auto receipt = ask<job_receipt>(indexer, remove_document{"notes", "a"});
  REQUIRE(receipt);
  CHECK(receipt->units == before - 1);
  CHECK(receipt->chunks > 3);
  CHECK(receipt->commit > 0);
  CHECK(passages() == 1);
  CHECK(places("apple") == "b@0");
  end_process();
  CHECK(states == std::set<size_t>{1});
}

TEST_CASE_METHOD(index_fixture, "removing a document that is not there is no "
                                "error, from an index that is not there is") {
  start();
  auto remove = [&](const char* index) {
    return name_of(ask<job_receipt>(indexer, remove_document{index, "a"}));
  };
  CHECK(remove("notes") == "no_such_index");
  REQUIRE(put("b", "x"));
  CHECK(remove("notes") == "none");
  CHECK(remove("") == "invalid_argument");
}
