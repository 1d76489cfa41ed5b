#include "actors/reader/reader_pool.hpp"
#include "onewriter/compat/messaging.hpp"

#include "actors/reader/worker/sqlite_reader.hpp"
#include "actors/sqlite/file/files.hpp"
#include "tests/catch.hpp"
#include "tests/reader/reader_fixture.hpp"

#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>
#include <vector>

using namespace onewriter;
using namespace std::chrono_literals;

namespace {

// A query with more steps than fit into the shortest time, before it looks into
// `table`.
query long_query(const std::string& table) {
  return query{
    "WITH RECURSIVE c(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM c "
    "WHERE x < 100000) SELECT (SELECT count(*) FROM c) + "
    "(SELECT count(*) FROM "
    + table + ")"};
}

class reader_pool_fixture : public test::reader_fixture {
public:
  reader_pool_actor pool;

  using response = decltype(compat::request(
    std::declval<caf::scoped_actor&>(), std::declval<reader_pool_actor&>(),
    test::patience, std::declval<query>()));

  response send(query what) {
    return compat::request(self, pool, test::patience, std::move(what));
  }

  // Starts a pool with one reader, which is stuck in the query `running`.
  void start_stuck_pool() {
    opts->readers = 1;
    pool = start_pool();
    REQUIRE(
      eventually([this] { return answer(pool, query{"SELECT 1"}) == "1\n"; }));
    write("CREATE TABLE stuck(a)");
    disk.hold_reads();
    running.emplace(send(query{"SELECT count(*) FROM stuck"}));
    REQUIRE(disk.wait_for_held(1));
  }

  // Starts a pool whose only reader with a thread of its own is stuck in a long
  // query, and whose inline one has all that it needs in its cache.
  void start_pool_stuck_in_long_query() {
    opts->quick_query_time = 1ns;
    opts->readers = 1;
    write("CREATE TABLE stuck(a)");
    pool = start_pool();
    REQUIRE(answer(pool, query{"SELECT count(*) FROM stuck"}) == "0\n");
    REQUIRE(answer(pool, long_query("t")) == "100000\n");
    disk.hold_reads();
    running.emplace(send(long_query("stuck")));
    REQUIRE(disk.wait_for_held(1));
  }

  std::string finish_running() {
    disk.release_reads();
    return text_of(receive<result_set>(std::move(*running)));
  }

  // Lets a pool that cannot go on terminate, as the database does.
  void hand_over() {
    core->receive([](readers_failed) {});
    compat::anon_send(caf::actor_cast<reader_pool_core_actor>(pool),
                      handover_done{});
  }

  std::optional<response> running;

  // Overwrites the only page of a table, as a bad disk might.
  void damage(const std::string& table) {
    auto rows = writer->run(
      statement{"SELECT rootpage FROM sqlite_schema WHERE name = ?", table},
      {});
    auto page = rows->rows.at(0).get<int64_t>(0);
    auto size = writer->page_size();
    close_writer();
    {
      std::fstream file{opts->path,
                        std::ios::in | std::ios::out | std::ios::binary};
      file.seekp((page - 1) * size);
      file << std::string(static_cast<size_t>(size), '\xee');
      REQUIRE(file.good());
    }
    open_writer();
  }

  // What a connection reads first after the header of the file.
  std::string exchange_schema_page(const std::string& bytes) {
    constexpr auto header_size = 100;
    std::fstream file{opts->path,
                      std::ios::in | std::ios::out | std::ios::binary};
    std::string result(bytes.size(), '\0');
    file.seekg(header_size);
    file.read(result.data(), static_cast<std::streamsize>(result.size()));
    file.seekp(header_size);
    file << bytes;
    REQUIRE(file.good());
    return result;
  }

  bool log_is_gone() {
    close_writer();
    return !sqlite::has_log(opts->path);
  }

  caf::expected<caf::unit_t> close_pool(bool drain) {
    return ask<caf::unit_t>(pool, close_readers{drain});
  }
};

template <class T>
T value_or_fail(caf::expected<T> x) {
  if (!x)
    FAIL(describe(x.error()));
  return std::move(*x);
}

} // namespace

#define POOL_TEST(name) TEST_CASE_METHOD(reader_pool_fixture, name)

// -- queries --------------------------------------------------------------------

POOL_TEST("a pool answers more queries than it has readers") {
  write_numbers(100);
  pool = start_pool();
  std::vector<response> replies;
  for (int64_t i = 1; i <= 100; ++i)
    replies.push_back(send(query{"SELECT b FROM t WHERE a = ?", i}));
  for (int64_t i = 1; i <= 100; ++i)
    CHECK(text_of(receive<result_set>(std::move(replies[i - 1])))
          == "'n" + std::to_string(i) + "'\n");
  auto counted = [this] {
    return shared->readers[0]->queries.get()
           + shared->readers[1]->queries.get();
  };
  CHECK(counted() == 100);
  CHECK(eventually([this] { return shared->waiting_queries.get() == 0; }));
}

POOL_TEST("a query sees every write that came before it") {
  pool = start_pool();
  for (int64_t i = 1; i <= 50; ++i) {
    write("INSERT INTO t(a) VALUES(?)", i);
    CHECK(answer(pool, query{"SELECT max(a) FROM t"})
          == std::to_string(i) + "\n");
  }
}

POOL_TEST("queries wait for a reader first in, first out") {
  opts->slow_statement = 1ns;
  start_stuck_pool();
  // The reader reports every statement as slow, in the order of running.
  std::vector<response> replies;
  for (auto sql : {"SELECT 1", "SELECT 2", "SELECT 3"})
    replies.push_back(send(query{sql}));
  CHECK(finish_running() == "0\n");
  for (auto& reply : replies)
    CHECK(receive<result_set>(std::move(reply)));
  std::string order;
  for (auto i = 0; i < 5; ++i)
    core->receive(
      [&](const slow_statement_seen& seen) { order += seen.sql + "; "; });
  CHECK(order
        == "SELECT 1; SELECT count(*) FROM stuck; SELECT 1; SELECT 2; "
           "SELECT 3; ");
}

POOL_TEST("a query that expires while it waits is answered then") {
  start_stuck_pool();
  query hasty{"SELECT 1"};
  hasty.deadline = 20ms;
  CHECK(answer(pool, hasty) == "deadline_exceeded");
  hasty.deadline = -1ns;
  CHECK(answer(pool, hasty) == "deadline_exceeded");
  // The only deadline that a list of dead letters has.
  opts->query_deadline = 20ms;
  CHECK(code_in(ask<dead_letters>(pool, list_dead_letters{}))
        == "deadline_exceeded");
  opts->query_deadline = 1h;
  // A later deadline first, then an earlier one.
  auto patient = send(query{"SELECT 2"});
  hasty.deadline = 40ms;
  auto slow = send(hasty);
  hasty.deadline = 10ms;
  CHECK(answer(pool, hasty) == "deadline_exceeded");
  CHECK(text_of(receive<result_set>(std::move(slow))) == "deadline_exceeded");
  CHECK(shared->readers[0]->queries.get() == 1);
  CHECK(finish_running() == "0\n");
  CHECK(text_of(receive<result_set>(std::move(patient))) == "2\n");
}

POOL_TEST("the pool refuses queries when its line is full") {
  opts->max_queries = 2;
  start_stuck_pool();
  auto first = send(query{"SELECT 1"});
  auto second = send(query{"SELECT 2"});
  auto refused = ask<result_set>(pool, query{"SELECT 3"});
  CHECK(code_in(refused) == "overloaded");
  CHECK(failure_of(refused.error()).retry_after > 0ns);
  CHECK(shared->waiting_queries.get() == 2);
  CHECK(finish_running() == "0\n");
  CHECK(text_of(receive<result_set>(std::move(first))) == "1\n");
  CHECK(text_of(receive<result_set>(std::move(second))) == "2\n");
  CHECK(answer(pool, query{"SELECT 4"}) == "4\n");
}

POOL_TEST("a pool with no room to wait still uses its idle readers") {
  opts->max_queries = 0;
  start_stuck_pool();
  CHECK(answer(pool, query{"SELECT 1"}) == "overloaded");
  CHECK(finish_running() == "0\n");
}

// -- inline readers ---------------------------------------------------------------

POOL_TEST("short queries never reach readers with a thread of their own") {
  opts->quick_query_time = 1h;
  write_numbers(3);
  pool = start_pool();
  for (auto i = 0; i < 10; ++i)
    CHECK(answer(pool, query{"SELECT sum(a) FROM t"}) == "6\n");
  auto& readers = shared->readers;
  REQUIRE(readers.size() == 4);
  CHECK(readers[0]->queries.get() + readers[1]->queries.get() == 0);
  CHECK(readers[2]->queries.get() + readers[3]->queries.get() == 10);
}

POOL_TEST("a long query starts over in a reader without a time limit") {
  opts->quick_query_time = 1ns;
  pool = start_pool();
  CHECK(answer(pool, long_query("t")) == "100000\n");
  // It counts once.
  auto& readers = shared->readers;
  CHECK(readers[0]->queries.get() + readers[1]->queries.get() == 1);
  CHECK(readers[2]->queries.get() + readers[3]->queries.get() == 0);
  CHECK(readers[2]->failed.get() + readers[3]->failed.get() == 0);
}

POOL_TEST("short queries do not wait for long ones") {
  start_pool_stuck_in_long_query();
  auto waiting = send(long_query("t"));
  for (auto i = 0; i < 10; ++i)
    CHECK(answer(pool, query{"SELECT 1"}) == "1\n");
  CHECK(eventually([this] { return shared->waiting_queries.get() == 1; }));
  CHECK(finish_running() == "100000\n");
  CHECK(text_of(receive<result_set>(std::move(waiting))) == "100000\n");
}

POOL_TEST("long queries wait first in, first out, and not without end") {
  opts->max_queries = 3;
  opts->slow_statement = 1ns;
  start_pool_stuck_in_long_query();
  std::vector<response> replies;
  for (auto name : {"a", "b", "c", "d"})
    replies.push_back(send(query{long_query("t").what.sql + " AS " + name}));
  // The last one finds no room, and short ones do not need any.
  CHECK(text_of(receive<result_set>(std::move(replies[3]))) == "overloaded");
  CHECK(answer(pool, query{"SELECT 1"}) == "1\n");
  CHECK(finish_running() == "100000\n");
  for (auto i = 0; i < 3; ++i)
    CHECK(text_of(receive<result_set>(std::move(replies[i]))) == "100000\n");
  std::string order;
  while (order.size() < 3)
    core->receive([&](const slow_statement_seen& seen) {
      if (seen.sql.find(" AS ", seen.sql.size() - 5) != std::string::npos)
        order += seen.sql.back();
    });
  CHECK(order == "abc");
}

// -- failing readers --------------------------------------------------------------

POOL_TEST("no caller notices that a reader fails") {
  opts->quick_query_time = GENERATE(0ns, std::chrono::nanoseconds{1h});
  write_numbers(3);
  pool = start_pool();
  CHECK(answer(pool, query{"SELECT 1"}) == "1\n");
  for (auto i = 0; i < 10; ++i) {
    write("UPDATE t SET a = a + 1");
    disk.fail_reads(1);
    CHECK(answer(pool, query{"SELECT sum(a) FROM t"})
          == std::to_string(6 + 3 * (i + 1)) + "\n");
  }
  disk.fail_reads(0);
  wait_for_events(child_event_kind::restarting, 10);
}

POOL_TEST("a query waits while all readers are down") {
  opts->quick_query_time = GENERATE(0ns, std::chrono::nanoseconds{1h});
  opts->readers = 1;
  opts->restarts.initial_delay = 50ms;
  write_numbers(3);
  pool = start_pool();
  CHECK(answer(pool, query{"SELECT 1"}) == "1\n");
  write("UPDATE t SET a = a + 1");
  disk.fail_reads(1);
  auto first = send(query{"SELECT sum(a) FROM t"});
  wait_for_events(child_event_kind::restarting, 1);
  auto second = send(query{"SELECT count(*) FROM t"});
  CHECK(text_of(receive<result_set>(std::move(first))) == "9\n");
  CHECK(text_of(receive<result_set>(std::move(second))) == "3\n");
}

POOL_TEST("a lock that keeps readers out is waited for, however long") {
  opts->quick_query_time = GENERATE(0ns, std::chrono::nanoseconds{1h});
  close_writer();
  sqlite3* other = nullptr;
  REQUIRE(sqlite3_open(opts->path.c_str(), &other) == SQLITE_OK);
  CHECK(sqlite3_exec(other,
                     "PRAGMA locking_mode = EXCLUSIVE;"
                     "INSERT INTO t(a) VALUES(5)",
                     nullptr, nullptr, nullptr)
        == SQLITE_OK);
  opts->readers = 1;
  opts->restarts.max_restarts = 0;
  pool = start_pool();
  auto waiting = send(query{"SELECT a FROM t"});
  auto cursor = compat::request(self, pool, test::patience,
                                open_cursor{query{"SELECT a FROM t"}, {}});
  auto copy = compat::request(self, pool, test::patience,
                              backup{folder.file("copy.db"), false, {}});
  wait_for_events(child_event_kind::restarting, 2);
  CHECK(sqlite3_close(other) == SQLITE_OK);
  open_writer();
  CHECK(text_of(receive<result_set>(std::move(waiting))) == "5\n");
  CHECK(receive<cursor_actor>(std::move(cursor)));
  CHECK(receive<backup_receipt>(std::move(copy)));
}

POOL_TEST("a query that finds damage fails after three attempts, alone") {
  opts->quick_query_time = GENERATE(0ns, std::chrono::nanoseconds{1h});
  opts->restarts.max_restarts = 100;
  write("CREATE TABLE damaged(a)");
  write("INSERT INTO damaged(a) VALUES(1)");
  write_numbers(3);
  damage("damaged");
  pool = start_pool();
  auto reply = ask<result_set>(pool, query{"SELECT a FROM damaged"});
  CHECK(code_in(reply) == "corrupt");
  CHECK(failure_of(reply.error()).sql == "SELECT a FROM damaged");
  CHECK(answer(pool, query{"SELECT sum(a) FROM t"}) == "6\n");
}

POOL_TEST("the pool ends with what waits when its supervisor gives up") {
  opts->quick_query_time = GENERATE(0ns, std::chrono::nanoseconds{1h});
  opts->readers = 1;
  opts->restarts.max_restarts = 0;
  write("CREATE TABLE damaged(a)");
  damage("damaged");
  pool = start_pool();
  REQUIRE(
    eventually([this] { return answer(pool, query{"SELECT 1"}) == "1\n"; }));
  auto cursor = value_or_fail(
    ask<cursor_actor>(pool, open_cursor{query{"SELECT 1"}, {}}));
  // The reader finds damage when it opens the file again after this query.
  auto schema = exchange_schema_page(std::string(8, '\xee'));
  auto first = send(query{"SELECT a FROM damaged"});
  auto second = send(query{"SELECT 2"});
  CHECK(text_of(receive<result_set>(std::move(first))) == "restart_limit");
  CHECK(text_of(receive<result_set>(std::move(second))) == "restart_limit");
  // What the database has yet to hear of.
  CHECK(answer(pool, query{"SELECT 3"}) == "restart_limit");
  hand_over();
  CHECK(code_of(wait_for_end(pool)) == ec::restart_limit);
  CHECK(code_in(ask<cursor_page>(cursor, next_page{})) == "cursor_closed");
  exchange_schema_page(schema);
  CHECK(log_is_gone());
}

POOL_TEST("the pool ends at once where restarting cannot help") {
  close_writer();
  std::ofstream{opts->path} << std::string(4096, 'x');
  pool = start_pool();
  CHECK(answer(pool, query{"SELECT 1"}) == "not_a_database");
  hand_over();
  CHECK(code_of(wait_for_end(pool)) == ec::not_a_database);
}

// -- closing ----------------------------------------------------------------------

POOL_TEST("a pool that is closed leaves no connection behind") {
  pool = start_pool();
  CHECK(answer(pool, query{"SELECT 1"}) == "1\n");
  auto cursor = ask<cursor_actor>(pool, open_cursor{query{"SELECT 1"}, {}});
  REQUIRE(cursor);
  CHECK(close_pool(true));
  CHECK(log_is_gone());
  CHECK(wait_for_end(pool) == caf::none);
  CHECK(code_in(ask<cursor_page>(*cursor, next_page{})) == "cursor_closed");
}

POOL_TEST(
  "closing without draining refuses what waits and finishes what runs") {
  start_stuck_pool();
  auto waiting = send(query{"SELECT 1"});
  auto closed
    = compat::request(self, pool, test::patience, close_readers{false});
  CHECK(text_of(receive<result_set>(std::move(waiting))) == "closed");
  CHECK(answer(pool, query{"SELECT 2"}) == "closed");
  CHECK(code_in(ask<cursor_actor>(pool, open_cursor{query{"SELECT 1"}, {}}))
        == "closed");
  CHECK(code_in(ask<backup_receipt>(pool, backup{folder.file("b"), false, {}}))
        == "closed");
  CHECK(code_in(ask<integrity_report>(pool, integrity_check{})) == "closed");
  CHECK(finish_running() == "0\n");
  CHECK(receive<caf::unit_t>(std::move(closed)));
  CHECK(log_is_gone());
}

POOL_TEST("closing with draining runs what waits and refuses what comes") {
  start_stuck_pool();
  auto waiting = send(query{"SELECT 1"});
  auto check = compat::request(self, pool, test::patience, integrity_check{});
  auto closed
    = compat::request(self, pool, test::patience, close_readers{true});
  CHECK(answer(pool, query{"SELECT 2"}) == "closed");
  CHECK(finish_running() == "0\n");
  CHECK(text_of(receive<result_set>(std::move(waiting))) == "1\n");
  CHECK(value_or_fail(receive<integrity_report>(std::move(check))).ok());
  CHECK(receive<caf::unit_t>(std::move(closed)));
  CHECK(log_is_gone());
}

POOL_TEST("a second closing without draining cuts the first one short") {
  start_stuck_pool();
  auto waiting = send(query{"SELECT 1"});
  auto first = compat::request(self, pool, test::patience, close_readers{true});
  auto second
    = compat::request(self, pool, test::patience, close_readers{false});
  CHECK(text_of(receive<result_set>(std::move(waiting))) == "closed");
  CHECK(finish_running() == "0\n");
  CHECK(receive<caf::unit_t>(std::move(first)));
  CHECK(receive<caf::unit_t>(std::move(second)));
}

POOL_TEST("draining goes on while a reader is restarted") {
  start_stuck_pool();
  auto waiting = send(query{"SELECT 1"});
  auto closed
    = compat::request(self, pool, test::patience, close_readers{true});
  disk.fail_reads(1);
  CHECK(finish_running() == "0\n");
  CHECK(text_of(receive<result_set>(std::move(waiting))) == "1\n");
  CHECK(receive<caf::unit_t>(std::move(closed)));
  CHECK(log_is_gone());
}

POOL_TEST("an exit message closes a pool in order") {
  start_stuck_pool();
  auto waiting = send(query{"SELECT 1"});
  caf::anon_send_exit(pool, caf::exit_reason::user_shutdown);
  CHECK(text_of(receive<result_set>(std::move(waiting))) == "closed");
  CHECK(finish_running() == "0\n");
  CHECK(wait_for_end(pool) == caf::exit_reason::user_shutdown);
  CHECK(log_is_gone());
}

POOL_TEST("a pool that is killed answers what waits") {
  start_stuck_pool();
  auto waiting = send(query{"SELECT 1"});
  auto closed
    = compat::request(self, pool, test::patience, close_readers{true});
  CHECK(eventually([this] { return shared->waiting_queries.get() == 1; }));
  caf::anon_send_exit(pool, caf::exit_reason::kill);
  CHECK(text_of(receive<result_set>(std::move(waiting))) == "unavailable");
  CHECK(code_in(receive<caf::unit_t>(std::move(closed))) == "unavailable");
  CHECK(finish_running() == "0\n");
  CHECK(wait_for_end(pool) == caf::exit_reason::kill);
}

POOL_TEST("every query is answered, whenever the pool is closed") {
  write_numbers(10);
  for (auto cycle = 0; cycle < 30; ++cycle) {
    pool = start_pool();
    std::vector<response> replies;
    auto ask_some = [&] {
      for (auto i = 0; i < 10; ++i)
        replies.push_back(send(query{"SELECT sum(a) FROM t"}));
    };
    ask_some();
    // Before some have an answer, after the rest have one.
    for (auto i = 0; i < cycle % 10; ++i)
      CHECK(answer(pool, query{"SELECT 1"}) == "1\n");
    auto closed = compat::request(self, pool, test::patience,
                                  close_readers{cycle % 2 == 0});
    ask_some();
    auto accepted = 0;
    for (auto& reply : replies) {
      auto text = text_of(receive<result_set>(std::move(reply)));
      // What comes after the end does not find the pool any more.
      CHECK((text == "55\n" || text == "closed" || text == "unavailable"));
      accepted += text == "55\n" ? 1 : 0;
    }
    CHECK((cycle % 2 != 0 || accepted == 10));
    CHECK(receive<caf::unit_t>(std::move(closed)));
  }
  CHECK(log_is_gone());
}
