// What an indexer does when chunks are repeated or lost, and when the process
// dies.
#include "tests/index/index_fixture.hpp"

#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <random>
#include <vector>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

// -- repeated and lost requests ---------------------------------------------------------

TEST_CASE_METHOD(index_fixture, "chunks may run twice when a writer dies") {
  script->decide = [](const core_request&) {
    return fate::repeat;
  };
  start();
  auto old_text = sample_text(300'000);
  auto new_text = sample_text(200'000) + "end";
  auto receipt = put("a", old_text);
  REQUIRE(is_sound(receipt));
  CHECK(receipt->passages == passages());
  CHECK(put("a", new_text)->replaced);
  wait_until_clean();
  CHECK(content("a") == new_text);
  CHECK(rows("SELECT count(*) FROM onewriter_fts_1")
        == rows("SELECT end_passage - first_passage FROM onewriter_document"));
}

TEST_CASE_METHOD(index_fixture, "chunks are sent again while it is unknown "
                                "whether they took effect") {
  uint64_t seed = 20274;
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  std::map<uint64_t, int> doubts;
  script->decide = [&](const core_request& what) {
    auto& count = doubts[what.sender];
    auto draw = random() % 4;
    // A chunk is repeated three times.
    if (draw > 1 || count == 3) {
      count = 0;
      return fate::commit;
    }
    ++count;
    return draw == 0 ? fate::doubt : fate::lose;
  };
  auto process = start_scoped();
  std::string text;
  for (int round = 0; round < 10; ++round) {
    CAPTURE(round);
    text = text_with("round" + std::to_string(round), 100'000);
    auto receipt = put("a", text);
    REQUIRE(message_of(receipt) == "");
    CHECK(content("a") == text);
    auto small = put("b", "round" + std::to_string(round));
    REQUIRE(message_of(small) == "");
  }
  wait_until_clean();
  CHECK(places("round8") == "");
  CHECK(content("a") == text);
  CHECK(rows("SELECT count(*) FROM onewriter_fts_1")
        == rows("SELECT sum(end_passage - first_passage) FROM "
                "onewriter_document"));
}

TEST_CASE_METHOD(index_fixture, "an outcome that stays unknown is reported") {
  script->decide = [](const core_request&) {
    return fate::lose;
  };
  start();
  CHECK(name_of(put("a", "x")) == "outcome_unknown");
  CHECK(script->requests().size() == 4);
}

TEST_CASE_METHOD(index_fixture, "a job that failed for want of space goes on "
                                "where it stopped") {
  opts.chunk_time = 1ms;
  std::atomic<bool> full{true};
  std::atomic<int> chunks{0};
  script->refusal = make_failure(ec::disk_full, "the disk is full");
  script->decide = [&](const core_request& what) {
    return full && is_content(what) && ++chunks > 4 ? fate::refuse
                                                    : fate::commit;
  };
  auto process = start_scoped();
  auto text = sample_text(500'000);
  CHECK(name_of(put("a", text)) == "disk_full");
  auto before = passages();
  CHECK(before > 0);
  full = false;
  auto receipt = put("a", text);
  REQUIRE(is_sound(receipt));
  CHECK(receipt->resumed);
  CHECK(receipt->passages == passages());
  CHECK(content("a") == text);
}

// -- after a crash of the process ---------------------------------------------------------

TEST_CASE_METHOD(index_fixture, "a job from a file goes on after a restart of "
                                "the process") {
  opts.chunk_time = 1ms;
  auto text = sample_text(2'000'000);
  auto path = folder.file("a");
  write_file(path, text);
  script->decide = [](const core_request& what) {
    return what.number < 15 ? fate::commit : fate::hold;
  };
  start();
  auto lost = send(from_file("a", path));
  script->wait_for([](const core_request& x) { return x.number == 15; });
  auto written = passages();
  REQUIRE(written > 0);
  crash();
  CHECK(name_of(reply_of(lost)) == "unavailable");
  CHECK(passages() == written);
  start();
  auto resumed = ask<uint64_t>(indexer, resume_jobs{});
  REQUIRE(resumed);
  CHECK(*resumed == 1);
  // Waits for the job.
  auto receipt = put(from_file("a", path));
  REQUIRE(is_sound(receipt));
  CHECK(content("a") == text);
  CHECK(passages() == receipt->passages);
}

TEST_CASE_METHOD(index_fixture, "a request goes on where an earlier process "
                                "stopped") {
  opts.chunk_time = 1ms;
  auto text = sample_text(2'000'000);
  auto path = folder.file("a");
  write_file(path, text);
  script->decide = [](const core_request& what) {
    return what.number < 15 ? fate::commit : fate::hold;
  };
  start();
  send(from_file("a", path));
  script->wait_for([](const core_request& x) { return x.number == 15; });
  auto written = passages();
  crash();
  start();
  auto receipt = put(from_file("a", path));
  REQUIRE(is_sound(receipt));
  CHECK(receipt->resumed);
  CHECK(content("a") == text);
  CHECK(passages() == receipt->passages);
  size_t bytes = 0;
  for (auto& x : script->requests())
    bytes += x.bytes;
  CHECK(bytes <= text.size() - (written - 1) * 2'048);
}

TEST_CASE_METHOD(index_fixture, "a job whose file has changed starts over") {
  opts.chunk_time = 1ms;
  auto path = folder.file("a");
  write_file(path, text_with("before", 2'000'000));
  script->decide = [](const core_request& what) {
    return what.number < 15 ? fate::commit : fate::hold;
  };
  start();
  send(from_file("a", path));
  script->wait_for([](const core_request& x) { return x.number == 15; });
  crash();
  auto text = text_with("after", 500'000);
  write_file(path, text);
  start();
  REQUIRE(ask<uint64_t>(indexer, resume_jobs{}));
  auto receipt = put(from_file("a", path));
  REQUIRE(is_sound(receipt));
  wait_until_clean();
  CHECK(content("a") == text);
  CHECK(passages() == receipt->passages);
}

TEST_CASE_METHOD(index_fixture, "a job whose file is gone is undone") {
  opts.chunk_time = 1ms;
  auto path = folder.file("a");
  write_file(path, sample_text(2'000'000));
  std::vector<std::string> log;
  std::mutex mutex;
  opts.log = [&](log_level, std::string_view line) {
    std::lock_guard<std::mutex> guard{mutex};
    log.emplace_back(line);
  };
  script->decide = [](const core_request& what) {
    return what.number < 15 ? fate::commit : fate::hold;
  };
  auto process = start_scoped();
  send(from_file("a", path));
  script->wait_for([](const core_request& x) { return x.number == 15; });
  crash();
  std::filesystem::remove(path);
  start();
  REQUIRE(ask<uint64_t>(indexer, resume_jobs{}));
  script->wait_for(
    [](const core_request& x) { return x.title == "discard a document"; });
  CHECK(cancel("a") == "none");
  wait_until_clean();
  CHECK(passages() == 0);
  std::lock_guard<std::mutex> guard{mutex};
  REQUIRE(log.size() == 1);
  CHECK(contains(log[0], "index job of \"a\" in \"notes\" failed: "
                         "unreadable_document: the document "));
}

TEST_CASE_METHOD(index_fixture, "what was left of a text is removed after a "
                                "restart of the process") {
  opts.chunk_time = 1ms;
  script->decide = [](const core_request& what) {
    return what.number < 15 ? fate::commit : fate::hold;
  };
  start();
  send(from_text("a", sample_text(2'000'000)));
  script->wait_for([](const core_request& x) { return x.number == 15; });
  crash();
  REQUIRE(passages() > 0);
  start();
  auto resumed = ask<uint64_t>(indexer, resume_jobs{});
  REQUIRE(resumed);
  CHECK(*resumed == 0);
  wait_until_clean();
  CHECK(passages() == 0);
  CHECK(rows("SELECT * FROM onewriter_index_job") == "");
}

TEST_CASE_METHOD(index_fixture, "a resumed job that waits can be cancelled") {
  opts.chunk_time = 1ms;
  opts.index_jobs = 1;
  auto path = folder.file("a");
  write_file(path, sample_text(2'000'000));
  script->decide = [](const core_request& what) {
    return what.number < 15 ? fate::commit : fate::hold;
  };
  start();
  send(from_file("a", path));
  script->wait_for([](const core_request& x) { return x.number == 15; });
  crash();
  start();
  auto other = send(from_text("b", text_with("other", 1'000'000)));
  REQUIRE(ask<uint64_t>(indexer, resume_jobs{}));
  CHECK(cancel("a") == "none");
  CHECK(is_sound(reply_of(other)));
  script->wait_for(
    [](const core_request& x) { return x.title == "discard a document"; });
  wait_until_clean();
  CHECK(content("a") == "");
  CHECK(content("b") == text_with("other", 1'000'000));
}

TEST_CASE_METHOD(index_fixture, "a crash at any moment loses nothing that was "
                                "confirmed and leaves nothing behind") {
  opts.chunk_time = 1ms;
  auto path = folder.file("a");
  std::string confirmed;
  for (uint64_t crash_at = 0; crash_at < 24; ++crash_at) {
    CAPTURE(crash_at);
    script->decide = [=](const core_request& what) {
      return what.number < crash_at ? fate::commit : fate::hold;
    };
    start();
    auto text = text_with("v" + std::to_string(crash_at), 30'000);
    write_file(path, text);
    auto job = send(from_file("a", path));
    // However few chunks it takes, there are enough requests.
    for (uint64_t i = 0; i < crash_at; ++i)
      send(from_file("a", path));
    script->wait_for(
      [=](const core_request& x) { return x.number == crash_at; });
    crash();
    auto receipt = reply_of(job);
    if (receipt)
      confirmed = text;
    auto found = content("a");
    CHECK((found == confirmed || found == text));
    confirmed = found;
  }
  start();
  REQUIRE(ask<uint64_t>(indexer, resume_jobs{}));
  REQUIRE(put("a", "end"));
  wait_until_clean();
  CHECK(passages() == 1);
}
