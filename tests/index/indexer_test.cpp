#include "actors/index/indexer.hpp"

#include "tests/index/index_fixture.hpp"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <vector>

#include <sys/stat.h>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

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

TEST_CASE_METHOD(index_fixture, "files of all sizes are indexed") {
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

TEST_CASE_METHOD(index_fixture, "chunks get short when callers write") {
  opts.chunk_time = 1s;
  std::vector<size_t> sizes;
  script->committed = [&](const core_request& x) {
    if (!is_content(x))
      return;
    sizes.push_back((x.bytes + 4'095) / 4'096);
    if (sizes.size() == 5)
      shared->writer.finished.add(1);
  };
  start();
  REQUIRE(put("a", sample_text(1'000'000)));
  REQUIRE(sizes.size() > 6);
  CHECK(sizes[5] <= 2 * sizes[4] / 4 + 1);
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
  for (const auto& path : {opts.path, opts.path + "-wal", opts.path + "-shm",
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

// -- several jobs -----------------------------------------------------------------------

TEST_CASE_METHOD(index_fixture, "jobs run in the order in which they came") {
  opts.index_jobs = 1;
  start();
  using response = decltype(send(chunked_index{}));
  std::vector<response> replies;
  replies.reserve(20);
  for (int i = 0; i < 20; ++i)
    replies.push_back(send(from_text(std::to_string(i), sample_text(20'000))));
  for (auto& reply : replies)
    CHECK(is_sound(reply_of(reply)));
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
  replies.reserve(12);
  for (int i = 0; i < 12; ++i)
    replies.push_back(
      send(from_text("a", text_with("v" + std::to_string(i), 30'000))));
  for (size_t i = 0; i < replies.size(); ++i) {
    auto receipt = reply_of(replies[i]);
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
  CHECK(is_sound(reply_of(first)));
  CHECK(is_sound(reply_of(second)));
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
  CHECK(name_of(reply_of(running)) == "closed");
  CHECK(name_of(reply_of(waiting)) == "closed");
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
  CHECK(name_of(reply_of<uint64_t>(first)) == "none");
  CHECK(name_of(reply_of<uint64_t>(second)) != "deadline_exceeded");
}

TEST_CASE_METHOD(index_fixture,
                 "an indexer that is killed lets no caller wait") {
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
  caf::anon_send_exit(indexer, caf::exit_reason::kill);
  CHECK(name_of(reply_of(running)) == "unavailable");
  CHECK(name_of(reply_of(waiting)) == "unavailable");
  CHECK(name_of(reply_of<caf::unit_t>(cancelling)) == "unavailable");
  CHECK(name_of(reply_of<uint64_t>(resuming)) == "unavailable");
}

TEST_CASE_METHOD(index_fixture, "an indexer that ends while it is closed says "
                                "so") {
  script->decide = [](const core_request&) {
    return fate::hold;
  };
  start();
  auto running = send(from_text("a", "x"));
  script->wait_for(is_content);
  auto closing = send(close_indexer{true});
  caf::anon_send_exit(indexer, caf::exit_reason::kill);
  CHECK(name_of(reply_of(running)) == "closed");
  CHECK(name_of(reply_of<uint64_t>(closing)) == "closed");
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
