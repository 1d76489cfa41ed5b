// What callers can rely on while nothing fails.
#include "onewriter/compat/interface.hpp"
#include "onewriter/compat/messaging.hpp"
#include "tests/database/database_fixture.hpp"

#include <map>
#include <thread>

using namespace onewriter;
using namespace std::chrono_literals;
using test::busy_writer;
using test::database_fixture;

namespace {

/// A sender that has `total` writes in all, `outstanding` of them on their way
/// at a time, and reports when all are answered.
struct sender_trait {
  using signatures = compat::type_list<caf::result<void>(get_statistics)>;
};

using sender_actor = compat::handle<sender_trait>;

struct tally {
  std::atomic<int> errors{0};
  std::atomic<int> out_of_order{0};
};

class sender_state {
public:
  explicit sender_state(sender_actor::pointer self) : self_{self} {
    // nop
  }

  sender_actor::behavior_type make_behavior(database_actor database, int id,
                                            int total, int outstanding,
                                            std::shared_ptr<tally> result) {
    database_ = std::move(database);
    id_ = id;
    total_ = total;
    result_ = std::move(result);
    for (auto i = 0; i < outstanding; ++i)
      send_next();
    return {[](get_statistics) {
    }};
  }

  static inline const char* name = "test.sender";

private:
  void send_next() {
    if (sent_ == total_)
      return;
    auto number = sent_++;
    compat::request(self_, database_, caf::infinite,
                    write{"INSERT INTO t(a, b) VALUES(?, ?)", id_, number})
      .then([this](const write_receipt& x) { answered(x.last_insert_rowid); },
            [this](const caf::error&) {
              ++result_->errors;
              answered(last_rowid_ + 1);
            });
  }

  void answered(int64_t rowid) {
    // Rows of one sender are inserted in the order they were sent.
    result_->out_of_order += rowid <= last_rowid_ ? 1 : 0;
    last_rowid_ = rowid;
    if (++answered_ == total_)
      self_->quit();
    else
      send_next();
  }

  sender_actor::pointer self_;
  database_actor database_;
  int id_ = 0;
  int total_ = 0;
  int sent_ = 0;
  int answered_ = 0;
  int64_t last_rowid_ = 0;
  std::shared_ptr<tally> result_;
};

sender_actor::behavior_type
sender(sender_actor::stateful_pointer<sender_state> self,
       database_actor database, int id, int total, int outstanding,
       std::shared_ptr<tally> result) {
  return compat::state(self).make_behavior(std::move(database), id, total,
                                           outstanding, std::move(result));
}

} // namespace

TEST_CASE_METHOD(database_fixture,
                 "many senders lose nothing and keep their order") {
  auto senders = GENERATE(8, 64, 512);
  auto outstanding = senders == 512 ? 1 : 4;
  auto total = 20'000 / senders;
  opts.thread = GENERATE(writer_thread::detached, writer_thread::scheduled);
  open();
  auto result = std::make_shared<tally>();
  std::vector<sender_actor> all;
  for (auto i = 0; i < senders; ++i)
    all.push_back(sys.spawn(sender, database, i, total, outstanding, result));
  for (auto& x : all)
    static_cast<void>(wait_for_end(x));
  CHECK(result->errors == 0);
  CHECK(result->out_of_order == 0);
  // Each sender's numbers are there, each once, in the order of rowids.
  CHECK(rows("SELECT COUNT(*) FROM (SELECT a, b, ROW_NUMBER() OVER "
             "(PARTITION BY a ORDER BY rowid) - 1 AS n FROM t) WHERE b <> n")
        == "0");
  CHECK(rows("SELECT COUNT(*), COUNT(DISTINCT a), MAX(b) FROM t")
        == std::to_string(senders * total) + "|" + std::to_string(senders) + "|"
             + std::to_string(total - 1));
  auto stats = db->statistics();
  REQUIRE(stats);
  CHECK(stats->writes.acknowledged == stats->writes.submitted);
  CHECK(stats->writes.pending == 0);
  CHECK(stats->commits < stats->committed_requests);
  close();
}

TEST_CASE_METHOD(database_fixture, "a query sees every acknowledged write") {
  open();
  for (auto i = 1; i <= 200; ++i) {
    REQUIRE(db->write("INSERT INTO t(a) VALUES(?)", i));
    REQUIRE(rows("SELECT COUNT(*) FROM t") == std::to_string(i));
  }
}

TEST_CASE_METHOD(database_fixture, "values come back exactly as they went in") {
  open();
  const value samples[] = {
    null{},
    std::numeric_limits<int64_t>::min(),
    std::numeric_limits<int64_t>::max(),
    0,
    -0.0,
    std::numeric_limits<double>::infinity(),
    -std::numeric_limits<double>::infinity(),
    std::numeric_limits<double>::denorm_min(),
    "",
    std::string{"a\0b", 3},
    "\xF0\x9F\x92\xBE",
    blob{},
    blob{std::byte{0}, std::byte{255}},
    std::string(5'000'000, 'x'),
    blob(5'000'000, std::byte{7}),
  };
  auto number = 0;
  for (auto& sample : samples)
    REQUIRE(db->write("INSERT INTO t(a, b) VALUES(?, ?)", ++number, sample));
  auto found = db->query("SELECT b FROM t ORDER BY a");
  REQUIRE(found);
  REQUIRE(found->rows.size() == std::size(samples));
  for (size_t i = 0; i < std::size(samples); ++i) {
    INFO(i);
    CHECK((found->rows[i].cells[0] == samples[i]));
  }
}

TEST_CASE_METHOD(database_fixture,
                 "what waits together is committed together") {
  open();
  busy_writer busy{sys, database};
  auto first = compat::request(self, database, test::patience,
                               write{"INSERT INTO t(a) VALUES(1)"});
  auto second = compat::request(self, database, test::patience,
                                write{"INSERT INTO t(a) VALUES(2)"});
  busy.release();
  auto one = receive<write_receipt>(std::move(first));
  auto two = receive<write_receipt>(std::move(second));
  REQUIRE(one);
  REQUIRE(two);
  CHECK(one->commit == two->commit);
  CHECK(one->shared >= 2);
}

TEST_CASE_METHOD(database_fixture, "urgent writes overtake, background waits") {
  open();
  busy_writer busy{sys, database};
  std::vector<decltype(compat::request(self, database, test::patience,
                                       write{}))>
    replies;
  for (auto level :
       {priority::background, priority::normal, priority::urgent}) {
    write what{"INSERT INTO t(a) VALUES(?)", to_string(level)};
    what.priority = level;
    replies.push_back(
      compat::request(self, database, test::patience, std::move(what)));
  }
  busy.release();
  for (auto& reply : replies)
    REQUIRE(receive<write_receipt>(std::move(reply)));
  CHECK(rows("SELECT a FROM t ORDER BY rowid")
        == "'urgent' 'normal' 'background'");
}

TEST_CASE_METHOD(database_fixture, "statistics answer while SQLite is busy") {
  open();
  busy_writer busy{sys, database};
  auto waiting = compat::request(self, database, test::patience,
                                 write{"INSERT INTO t(a) VALUES(1)"});
  auto stats = db->statistics();
  REQUIRE(stats);
  CHECK(stats->state == "open");
  CHECK(stats->writes.pending == 2);
  busy.release();
  REQUIRE(receive<write_receipt>(std::move(waiting)));
}

TEST_CASE_METHOD(database_fixture,
                 "a full queue refuses at once, with a hint") {
  opts.queue.max_items = 3;
  open();
  busy_writer busy{sys, database};
  auto second = compat::request(self, database, test::patience,
                                write{"INSERT INTO t(a) VALUES(1)"});
  auto third = compat::request(self, database, test::patience,
                               write{"INSERT INTO t(a) VALUES(2)"});
  auto refused = db->write("INSERT INTO t(a) VALUES(3)");
  REQUIRE_FALSE(refused);
  CHECK(refused.error() == ec::overloaded);
  CHECK(failure_of(refused.error()).retry_after > 0ns);
  busy.release();
  REQUIRE(receive<write_receipt>(std::move(second)));
  REQUIRE(receive<write_receipt>(std::move(third)));
  CHECK(rows("SELECT a FROM t") == "1 2");
  CHECK(db->statistics()->writes.refused == 1);
}

TEST_CASE_METHOD(database_fixture, "commits go on counting after a restart") {
  open();
  auto before = db->write("INSERT INTO t(a) VALUES(1)");
  REQUIRE(before);
  close();
  open();
  auto after = db->write("INSERT INTO t(a) VALUES(2)");
  REQUIRE(after);
  CHECK(after->commit > before->commit);
}

TEST_CASE_METHOD(database_fixture, "a file has one owner at a time") {
  open();
  auto second = opts;
  second.lock_patience = 1ms;
  auto refused = open_database(sys, second);
  REQUIRE_FALSE(refused);
  CHECK(refused.error() == ec::busy);
  close();
  open();
}
