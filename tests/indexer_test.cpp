#include "actors/indexer.hpp"

#include "tests/index/index_fixture.hpp"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <vector>

#include <sys/stat.h>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

namespace {

constexpr auto content_title = "index passages";

// What is true of all receipts.
bool is_sound(const caf::expected<index_receipt>& x) {
  return x && x->chunks > 0 && x->commit > 0 && x->longest_chunk > 0ns;
}

bool is_content(const core_request& x) {
  return x.title == content_title && x.bytes > 0;
}

// Returns a long text whose passages all hold `word`.
std::string text_with(const std::string& word, size_t bytes) {
  std::string result;
  while (result.size() < bytes)
    result += word + " " + sample_text(200) + "\n";
  return result;
}

} // namespace

// -- indexing -----------------------------------------------------------------------

TEST_CASE_METHOD(index_fixture, "a text is indexed in one transaction where it "
                                "fits") {
  start();
  auto receipt = put("a", "hello world, good bye world");
  REQUIRE(is_sound(receipt));
  CHECK(receipt->chunks == 1);
  CHECK(receipt->passages == 1);
  CHECK(receipt->bytes == 27);
  CHECK_FALSE(receipt->unchanged);
  CHECK_FALSE(receipt->replaced);
  CHECK(places("bye") == "a@18");
}

TEST_CASE_METHOD(index_fixture, "a long text is indexed chunk by chunk") {
  start();
  auto text = sample_text(1'000'000);
  auto receipt = put("a", text);
  REQUIRE(is_sound(receipt));
  CHECK(receipt->chunks > 3);
  CHECK(receipt->passages == passages());
  CHECK(content("a") == text);
}

TEST_CASE_METHOD(index_fixture, "a file is indexed, whatever its size") {
  start();
  for (size_t size : {0, 1, 5'000, 256 * 1024, 600'000}) {
    CAPTURE(size);
    auto text = sample_text(size);
    auto path = folder.file(std::to_string(size));
    write_file(path, text);
    auto receipt = put(from_file(path, path));
    REQUIRE(is_sound(receipt));
    CHECK(receipt->bytes == size);
    CHECK(content(path) == text);
  }
}

TEST_CASE_METHOD(index_fixture, "a relative path is resolved at once") {
  start();
  write_file(folder.file("a.txt"), "hello");
  auto old = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  auto receipt = put(from_file("a", "a.txt"));
  std::filesystem::current_path(old);
  REQUIRE(is_sound(receipt));
  CHECK(places("hello") == "a@0");
}

TEST_CASE_METHOD(index_fixture, "a document with the same content is skipped") {
  start();
  auto text = sample_text(300'000);
  write_file(folder.file("a"), text);
  REQUIRE(put(from_file("a", folder.file("a"))));
  auto first = passages();
  auto contents = rows("SELECT * FROM onewriter_document");
  auto again = put(from_file("a", folder.file("a")));
  REQUIRE(is_sound(again));
  CHECK(again->unchanged);
  CHECK_FALSE(again->replaced);
  CHECK(again->chunks == 1);
  CHECK(again->passages == first);
  CHECK(again->bytes == text.size());
  // The same content in a message is the same content.
  CHECK(put("a", text)->unchanged);
  CHECK(rows("SELECT * FROM onewriter_document") == contents);
  CHECK(passages() == first);
}

TEST_CASE_METHOD(index_fixture, "old passages are removed chunk by chunk") {
  start();
  auto text = text_with("old", 500'000);
  REQUIRE(put("a", text));
  auto before = passages();
  auto receipt = put("a", "new");
  REQUIRE(is_sound(receipt));
  CHECK(receipt->replaced);
  CHECK(receipt->passages == 1);
  CHECK(places("old") == "");
  CHECK(places("new") == "a@0");
  wait_until_clean();
  CHECK(passages() == 1);
  CHECK(before > 100);
  CHECK(script->count("remove passages") > 3);
}

TEST_CASE_METHOD(index_fixture, "between two chunks a search finds all of the "
                                "old or all of the new") {
  auto old_text = text_with("apple", 400'000);
  auto new_text = text_with("pear", 300'000);
  auto observer = open_reader(opts.path);
  std::vector<std::string> states;
  script->committed = [&](const core_request&) {
    auto apples = find(*observer, "apple");
    auto pears = find(*observer, "pear");
    auto state = std::to_string(apples ? apples->hits.size() : 0) + " and "
                 + std::to_string(pears ? pears->hits.size() : 0);
    if (states.empty() || states.back() != state)
      states.push_back(state);
  };
  auto process = start_scoped();
  auto first = put("a", old_text);
  auto second = put("a", new_text);
  REQUIRE(is_sound(second));
  wait_until_clean();
  end_process();
  auto all_old = std::to_string(first->passages) + " and 0";
  auto all_new = "0 and " + std::to_string(second->passages);
  CHECK(states == std::vector<std::string>{"0 and 0", all_old, all_new});
}

TEST_CASE_METHOD(index_fixture, "chunks start small and grow") {
  opts.chunk_time = 1s;
  start();
  REQUIRE(put("a", sample_text(1'000'000)));
  std::vector<size_t> sizes;
  for (auto& x : script->requests())
    if (is_content(x))
      sizes.push_back((x.bytes + 4'095) / 4'096);
  REQUIRE(sizes.size() > 5);
  CHECK(sizes.front() == 1);
  for (size_t i = 1; i < sizes.size(); ++i)
    CHECK(sizes[i] <= 2 * sizes[i - 1] + 1);
}

TEST_CASE_METHOD(index_fixture, "names and keys may hold anything") {
  start();
  auto what = from_text("it's; \"a\" \u65E5\u672C", "needle");
  what.index = "'; DROP TABLE onewriter_index; --\"";
  auto receipt = put(what);
  REQUIRE(is_sound(receipt));
  search request;
  request.index = what.index;
  request.expression = "needle";
  auto found = run_search(*reader, request);
  REQUIRE(found);
  REQUIRE(found->hits.size() == 1);
  CHECK(found->hits[0].key == what.key);
}

// -- what is refused ------------------------------------------------------------------

TEST_CASE_METHOD(index_fixture, "requests out of range are refused") {
  start();
  auto refusal = [&](std::string index, std::string key) {
    auto what = from_text(std::move(key), "x");
    what.index = std::move(index);
    return name_of(put(std::move(what)));
  };
  CHECK(refusal("", "a") == "invalid_argument");
  CHECK(refusal("notes", "") == "invalid_argument");
  CHECK(refusal(std::string(256, 'x'), "a") == "invalid_argument");
  CHECK(refusal("notes", std::string(4'097, 'x')) == "invalid_argument");
  CHECK(refusal("\xFF", "a") == "invalid_text");
  CHECK(refusal("notes", "\xFF") == "invalid_text");
  CHECK(refusal(std::string(255, 'x'), std::string(4'096, 'x')) == "none");
  CHECK(name_of(ask<job_receipt>(indexer, chunked_job{}))
        == "invalid_argument");
}

TEST_CASE_METHOD(index_fixture,
                 "a text that cannot be indexed leaves the index "
                 "as it was") {
  start();
  REQUIRE(put("a", "hello"));
  auto refused = put("a", sample_text(300'000) + "\xC0");
  CHECK(message_of(refused)
        == "the document is not valid UTF-8 at byte 300000");
  CHECK(name_of(refused) == "invalid_text");
  CHECK(name_of(put("a", std::string{"a\0b", 3})) == "invalid_text");
  CHECK(places("hello") == "a@0");
  CHECK(passages() == 1);
}

TEST_CASE_METHOD(index_fixture,
                 "a file that cannot be read leaves the index as "
                 "it was") {
  start();
  REQUIRE(put("a", "hello"));
  auto missing = put(from_file("a", folder.file("missing")));
  CHECK(name_of(missing) == "unreadable_document");
  CHECK(message_of(missing)
        == "the document " + folder.file("missing")
             + " cannot be read: No such file or directory");
  CHECK(name_of(put(from_file("a", folder.path()))) == "unreadable_document");
  REQUIRE(::mkfifo(folder.file("pipe").c_str(), 0600) == 0);
  CHECK(name_of(put(from_file("a", folder.file("pipe"))))
        == "unreadable_document");
  CHECK(places("hello") == "a@0");
}

TEST_CASE_METHOD(index_fixture, "the database's own files are never opened") {
  start();
  std::filesystem::create_symlink(opts.path, folder.file("link"));
  for (auto path : {opts.path, opts.path + "-wal", opts.path + "-shm",
                    folder.file("link")}) {
    CAPTURE(path);
    auto refused = put(from_file("a", path));
    CHECK(contains(message_of(refused), "is a file of the database itself"));
  }
}

TEST_CASE_METHOD(index_fixture, "a file that changes while it is read leaves "
                                "the index as it was") {
  opts.chunk_time = 1ms;
  auto path = folder.file("a");
  std::atomic<int> chunks{0};
  script->decide = [&](const core_request& what) {
    if (is_content(what) && ++chunks == 3)
      write_file(path, text_with("changed", 1'000'000));
    return fate::commit;
  };
  auto process = start_scoped();
  REQUIRE(put("a", "hello"));
  chunks = 0;
  write_file(path, text_with("first", 2'000'000));
  auto refused = put(from_file("a", path));
  CHECK(name_of(refused) == "document_changed");
  CHECK(places("hello") == "a@0");
  CHECK(places("first OR changed") == "");
  wait_until_clean();
  CHECK(passages() == 1);
  CHECK(rows("SELECT * FROM onewriter_index_job") == "");
  // The next attempt finds a file that stays as it is.
  CHECK(put(from_file("a", path))->replaced);
  CHECK(places("first") == "");
}

TEST_CASE_METHOD(index_fixture, "an indexer refuses what it has no room for") {
  opts.index_jobs = 1;
  opts.queue.max_items = 1;
  script->decide = [](const core_request&) {
    return fate::hold;
  };
  start();
  send(from_text("a", "x"));
  send(from_text("b", "x"));
  CHECK(name_of(put("c", "x")) == "overloaded");
  CHECK(shared->index_jobs.get() == 2);
}

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

TEST_CASE_METHOD(index_fixture, "chunks are sent again while nobody knows "
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

// -- several jobs -----------------------------------------------------------------------

TEST_CASE_METHOD(index_fixture, "jobs run in the order in which they came") {
  opts.index_jobs = 1;
  start();
  using response = decltype(send(chunked_index{}));
  std::vector<response> replies;
  for (int i = 0; i < 20; ++i)
    replies.push_back(send(from_text(std::to_string(i), sample_text(20'000))));
  for (auto& reply : replies)
    CHECK(is_sound(receive<index_receipt>(std::move(reply))));
  std::vector<uint64_t> senders;
  for (auto& x : script->requests())
    senders.push_back(x.sender);
  CHECK(std::is_sorted(senders.begin(), senders.end()));
}

TEST_CASE_METHOD(index_fixture, "as many jobs run at once as are allowed") {
  opts.index_jobs = 3;
  script->decide = [](const core_request&) {
    return fate::hold;
  };
  start();
  for (int i = 0; i < 10; ++i)
    send(from_text(std::to_string(i), "x"));
  script->wait_for([](const core_request& x) { return x.number == 2; });
  // A fourth job would have to come before what is asked now.
  CHECK(name_of(ask<caf::unit_t>(indexer, cancel_index{"notes", "9"}))
        == "none");
  CHECK(script->requests().size() == 3);
  CHECK(shared->index_jobs.get() == 9);
}

TEST_CASE_METHOD(index_fixture, "jobs of the same document run one after the "
                                "other") {
  opts.index_jobs = 4;
  start();
  using response = decltype(send(chunked_index{}));
  std::vector<response> replies;
  for (int i = 0; i < 12; ++i)
    replies.push_back(
      send(from_text("a", text_with("v" + std::to_string(i), 30'000))));
  for (size_t i = 0; i < replies.size(); ++i) {
    auto receipt = receive<index_receipt>(std::move(replies[i]));
    REQUIRE(is_sound(receipt));
    CHECK(receipt->replaced == (i > 0));
  }
  wait_until_clean();
  CHECK(content("a") == text_with("v11", 30'000));
  CHECK(rows("SELECT count(*) FROM onewriter_fts_1")
        == rows("SELECT end_passage - first_passage FROM onewriter_document"));
}

// -- progress ---------------------------------------------------------------------------

TEST_CASE_METHOD(index_fixture, "the listener hears of the end, and not too "
                                "often of what comes before") {
  start();
  auto what = from_text("a", sample_text(1'000'000));
  what.listener = caf::actor_cast<caf::actor>(self);
  auto begin = std::chrono::steady_clock::now();
  REQUIRE(is_sound(put(what)));
  auto elapsed = std::chrono::steady_clock::now() - begin;
  std::vector<uint64_t> done;
  auto total = what.text.size();
  auto is_last = false;
  while (!is_last)
    self->receive(
      [&](const index_progress& x) {
        CHECK(x.index == "notes");
        CHECK(x.key == "a");
        CHECK(x.total_bytes == total);
        done.push_back(x.done_bytes);
        is_last = x.done_bytes == total;
      },
      caf::after(patience) >> [&] { is_last = true; });
  CHECK(done.back() == total);
  CHECK(std::is_sorted(done.begin(), done.end()));
  CHECK(std::count(done.begin(), done.end(), total) == 1);
  CHECK(done.size() <= static_cast<size_t>(elapsed / 100ms) + 2);
}

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
  CHECK(name_of(receive<index_receipt>(std::move(waiting))) == "cancelled");
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

TEST_CASE_METHOD(index_fixture, "who cancels hears when the job has ended") {
  opts.chunk_time = 1ms;
  start();
  auto job = send(from_text("a", sample_text(5'000'000)));
  script->wait_for(is_content);
  CHECK(cancel("a") == "none");
  CHECK(rows("SELECT * FROM onewriter_index_job") == "");
  CHECK(name_of(receive<index_receipt>(std::move(job))) == "cancelled");
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
    auto receipt = receive<index_receipt>(std::move(job));
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
  CHECK(name_of(receive<index_receipt>(std::move(lost))) == "unavailable");
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

TEST_CASE_METHOD(index_fixture, "a job whose file changed meanwhile starts "
                                "over") {
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
  CHECK(is_sound(receive<index_receipt>(std::move(other))));
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
    auto receipt = receive<index_receipt>(std::move(job));
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

// -- closing ----------------------------------------------------------------------------

TEST_CASE_METHOD(index_fixture,
                 "an indexer that is drained finishes its jobs") {
  opts.index_jobs = 1;
  start();
  auto first = send(from_text("a", sample_text(300'000)));
  auto second = send(from_text("b", sample_text(300'000)));
  auto closed = close(true);
  REQUIRE(closed);
  CHECK(*closed == 0);
  CHECK(is_sound(receive<index_receipt>(std::move(first))));
  CHECK(is_sound(receive<index_receipt>(std::move(second))));
}

TEST_CASE_METHOD(index_fixture, "an indexer that is not drained leaves jobs "
                                "from files to be gone on with") {
  opts.chunk_time = 1ms;
  opts.index_jobs = 1;
  auto path = folder.file("a");
  auto text = sample_text(5'000'000);
  write_file(path, text);
  start();
  auto running = send(from_file("a", path));
  auto waiting = send(from_text("b", "x"));
  script->wait_for(is_content);
  auto closed = close(false);
  REQUIRE(closed);
  CHECK(*closed == 2);
  CHECK(name_of(receive<index_receipt>(std::move(running))) == "closed");
  CHECK(name_of(receive<index_receipt>(std::move(waiting))) == "closed");
  CHECK(passages() > 0);
  kill(core);
  start();
  CHECK(put(from_file("a", path))->resumed);
  CHECK(content("a") == text);
}

TEST_CASE_METHOD(index_fixture,
                 "an indexer that is being closed refuses jobs") {
  script->decide = [](const core_request& what) {
    return what.number == 0 ? fate::hold : fate::commit;
  };
  start();
  send(from_text("a", "x"));
  script->wait_for([](const core_request&) { return true; });
  send(close_indexer{false});
  CHECK(name_of(put("b", "x")) == "closed");
  CHECK(name_of(ask<job_receipt>(indexer, remove_document{"notes", "a"}))
        == "closed");
  CHECK(name_of(ask<uint64_t>(indexer, resume_jobs{})) == "closed");
}

TEST_CASE_METHOD(index_fixture, "an idle indexer closes at once, also twice") {
  start();
  auto first = send(close_indexer{true});
  auto second = send(close_indexer{false});
  CHECK(name_of(receive<uint64_t>(std::move(first))) == "none");
  CHECK(name_of(receive<uint64_t>(std::move(second))) != "deadline_exceeded");
}

TEST_CASE_METHOD(index_fixture, "an indexer that is killed lets nobody wait") {
  opts.index_jobs = 1;
  script->decide = [](const core_request&) {
    return fate::hold;
  };
  start();
  auto running = send(from_text("a", "x"));
  auto waiting = send(from_text("b", "x"));
  script->wait_for(is_content);
  auto cancelling = send(cancel_index{"notes", "a"});
  auto resuming = send(resume_jobs{});
  auto closing = send(close_indexer{true});
  caf::anon_send_exit(indexer, caf::exit_reason::kill);
  CHECK(name_of(receive<index_receipt>(std::move(running))) == "unavailable");
  CHECK(name_of(receive<index_receipt>(std::move(waiting))) == "unavailable");
  CHECK(name_of(receive<caf::unit_t>(std::move(cancelling))) == "unavailable");
  CHECK(name_of(receive<uint64_t>(std::move(resuming))) == "unavailable");
  CHECK(name_of(receive<uint64_t>(std::move(closing))) == "unavailable");
}

TEST_CASE_METHOD(index_fixture, "jobs end when the database dies") {
  script->decide = [](const core_request& what) {
    return what.number < 3 ? fate::commit : fate::hold;
  };
  opts.chunk_time = 1ms;
  start();
  send(from_text("a", sample_text(500'000)));
  script->wait_for([](const core_request& x) { return x.number == 2; });
  caf::anon_send_exit(core, caf::exit_reason::kill);
  // What waited in the mailbox of the core is refused by CAF; the rest by the
  // core's own promises.
  static_cast<void>(wait_for_end(core));
  CHECK(name_of(put("b", "x")) == "unavailable");
}

// -- tasks of the embedding program -------------------------------------------------------

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
    CHECK(receive<job_receipt>(std::move(reply)));
  for (auto& reply : documents)
    CHECK(is_sound(receive<index_receipt>(std::move(reply))));
}
