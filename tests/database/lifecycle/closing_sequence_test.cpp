#include "actors/database/lifecycle/closing_sequence.hpp"

#include "tests/catch.hpp"

#include <functional>
#include <string>
#include <utility>

using namespace onewriter;
using namespace std::chrono_literals;

namespace {

/// Records what a closing asks for; the answers are for the test to give.
class recorded_parts : public closing_parts {
public:
  bool has_indexer = true;
  bool has_readers = true;
  bool has_best_effort = false;
  bool have_all_started = true;
  std::function<void(uint64_t)> indexer_closed;
  std::function<void()> readers_closed;

  /// Returns what was asked for since the last call, separated by blanks.
  std::string asked() {
    return std::exchange(asked_, {});
  }

  bool all_have_started() const override {
    return have_all_started;
  }

  bool close_indexer(bool drain,
                     std::function<void(uint64_t)> when_closed) override {
    note("indexer", drain);
    indexer_closed = std::move(when_closed);
    return has_indexer;
  }

  void hurry_indexer() override {
    note("indexer", false);
  }

  bool finish_best_effort(bool drain) override {
    note("best-effort", drain);
    return !has_best_effort;
  }

  bool close_readers(bool drain, std::function<void()> when_closed) override {
    note("readers", drain);
    readers_closed = std::move(when_closed);
    return has_readers;
  }

  void hurry_readers() override {
    note("readers", false);
  }

  void stop_running() override {
    note("running", false);
  }

  void close_file(bool drain, clock::time_point) override {
    note("file", drain);
  }

  uint64_t refuse_writes() override {
    note("stash", false);
    return 3;
  }

  uint64_t last_commit() const override {
    return 7;
  }

  void stop_children() override {
    note("children", true);
  }

private:
  // What is refused instead of drained has a "!".
  void note(const char* what, bool drain) {
    asked_
      += (asked_.empty() ? "" : " ") + std::string{what} + (drain ? "" : "!");
  }

  std::string asked_;
};

class closing_fixture {
public:
  lifecycle life;
  recorded_parts parts;
  closing_sequence closing{life, parts, [this] {
                             return now;
                           }};
  closing_parts::clock::time_point now;

  void start(phase from, bool drain = true) {
    if (from != phase::opening)
      life.change_to(phase::open);
    life.change_to(from);
    closing.start(drain, now + 1s);
  }

  /// The limit passes.
  std::string hurry() {
    now += 2s;
    closing.hurry();
    return parts.asked();
  }

  /// A writer has the file open.
  std::string open() {
    life.change_to(phase::open);
    closing.file_opened();
    return parts.asked();
  }

  /// Goes on to the step of the writer.
  void reach_writer() {
    parts.indexer_closed(0);
    parts.readers_closed();
    parts.asked();
    REQUIRE(closing.step() == closing_step::writer);
  }

  std::string close_file(uint64_t refused = 0) {
    writer_closed what;
    what.refused = refused;
    what.commit = 9;
    closing.file_closed(what);
    return parts.asked();
  }
};

} // namespace

TEST_CASE_METHOD(closing_fixture, "each step waits for the one before it") {
  parts.has_best_effort = true;
  start(phase::open);
  CHECK(life.is_closing());
  CHECK(parts.asked() == "indexer");
  parts.indexer_closed(2);
  CHECK(parts.asked() == "best-effort");
  parts.has_best_effort = false;
  closing.best_effort_settled();
  CHECK(parts.asked() == "best-effort readers");
  parts.readers_closed();
  CHECK(parts.asked() == "file");
  CHECK(close_file(1) == "children");
  CHECK(life.now() == phase::closed);
  CHECK(life.is_closing());
  life.end_closing();
  closing.finish({});
  CHECK(closing.receipt().refused == 3);
  CHECK_FALSE(closing.receipt().drained);
  CHECK(closing.receipt().commit == 9);
}

TEST_CASE_METHOD(closing_fixture, "what is not there is skipped") {
  parts.has_indexer = false;
  parts.has_readers = false;
  start(phase::open);
  CHECK(parts.asked() == "indexer best-effort readers file");
  close_file();
  closing.finish({});
  CHECK(closing.receipt().drained);
}

TEST_CASE_METHOD(closing_fixture,
                 "a part that is being started is waited for") {
  parts.have_all_started = false;
  start(phase::open, GENERATE(true, false));
  CHECK(parts.asked().empty());
  closing.part_started();
  CHECK(parts.asked().empty());
  parts.have_all_started = true;
  closing.part_started();
  CHECK_FALSE(parts.asked().empty());
  auto step = closing.step();
  closing.part_started();
  CHECK(closing.step() == step);
  CHECK(parts.asked().empty());
}

TEST_CASE_METHOD(closing_fixture, "an event that comes late changes nothing") {
  start(phase::open, false);
  CHECK(parts.asked() == "indexer! best-effort! readers! running!");
  parts.indexer_closed(5);
  closing.best_effort_settled();
  CHECK(close_file().empty());
  CHECK(parts.asked().empty());
  CHECK(closing.receipt().refused == 5);
  parts.readers_closed();
  CHECK(parts.asked() == "file!");
  parts.readers_closed();
  CHECK(parts.asked().empty());
}

TEST_CASE_METHOD(closing_fixture, "a file that is being opened is waited for") {
  start(phase::opening);
  CHECK(parts.asked().empty());
  SECTION("until it is open") {
    CHECK(open() == "indexer");
  }
  SECTION("until the limit") {
    CHECK(hurry() == "stash! children");
    CHECK(life.now() == phase::closed);
    CHECK(closing.receipt().refused == 3);
    CHECK(closing.receipt().commit == 7);
  }
}

TEST_CASE_METHOD(closing_fixture, "no file is opened only to be closed") {
  start(phase::opening, false);
  CHECK(parts.asked() == "stash! children");
}

TEST_CASE_METHOD(closing_fixture, "the limit cuts each step short, once") {
  SECTION("index jobs") {
    start(phase::open);
    parts.asked();
    CHECK(hurry() == "indexer! best-effort! readers! running! running!");
  }
  SECTION("best effort") {
    parts.has_best_effort = true;
    start(phase::open);
    parts.indexer_closed(0);
    parts.asked();
    CHECK(hurry() == "best-effort! readers! running! running!");
  }
  SECTION("readers") {
    start(phase::open);
    parts.indexer_closed(0);
    parts.asked();
    CHECK(hurry() == "readers! running!");
  }
  SECTION("the writer knows the limit itself") {
    start(phase::open);
    reach_writer();
    CHECK_FALSE(closing.writer_refuses_rest());
    CHECK(hurry() == "running!");
    CHECK(closing.writer_refuses_rest());
  }
  CHECK(closing.refuses_rest());
  CHECK(hurry().empty());
}

TEST_CASE_METHOD(closing_fixture, "the earliest of several limits holds") {
  start(phase::open);
  SECTION("without draining") {
    parts.asked();
    closing.shorten(false, now + 1h);
    CHECK(parts.asked() == "indexer! best-effort! readers! running! running!");
  }
  SECTION("sooner") {
    closing.shorten(true, now + 100ms);
    parts.asked();
    now += 200ms;
    closing.hurry();
    CHECK_FALSE(parts.asked().empty());
  }
  SECTION("later") {
    closing.shorten(true, now + 1h);
    parts.asked();
    CHECK_FALSE(hurry().empty());
  }
  SECTION("for the writer, too") {
    reach_writer();
    closing.shorten(false, now + 1h);
    CHECK(parts.asked() == "file! running!");
  }
}

TEST_CASE_METHOD(closing_fixture, "a writer that fails is asked again") {
  start(phase::open);
  reach_writer();
  life.change_to(phase::restarting);
  SECTION("if it comes back in time") {
    CHECK(open() == "file");
    CHECK(close_file() == "children");
  }
  SECTION("but not beyond the limit") {
    CHECK(hurry() == "stash! children");
    closing.file_opened();
    CHECK(parts.asked().empty());
  }
}

// They were lost with the writer that had them.
TEST_CASE_METHOD(closing_fixture,
                 "best effort that no writer has is not waited for") {
  parts.has_best_effort = true;
  start(phase::open);
  parts.indexer_closed(0);
  parts.asked();
  life.change_to(phase::restarting);
  parts.has_best_effort = false;
  CHECK(open() == "best-effort readers");
}

TEST_CASE_METHOD(closing_fixture, "a database that fails is not closed on") {
  start(phase::open);
  parts.asked();
  life.fail(make_failure(ec::corrupt, "for a test"));
  parts.indexer_closed(1);
  closing.best_effort_settled();
  closing.file_opened();
  CHECK(hurry().empty());
  CHECK(life.now() == phase::failed);
}
