#pragma once

#include "actors/core/database_core.hpp"
#include "actors/reader/reader_pool.hpp"
#include "actors/reader/worker/reader_context.hpp"
#include "actors/sqlite/connection.hpp"
#include "tests/fixture.hpp"
#include "tests/vfs/held_disk.hpp"

#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace onewriter::test {

/// Outlives the actors that read through it.
struct shim_owner {
  held_disk disk;
};

/// A file with a connection that writes, and the means to start actors that
/// read: through `disk`, unlike the writer.
class reader_fixture : public shim_owner, public fixture {
public:
  std::shared_ptr<options> opts = std::make_shared<options>();
  metrics_ptr shared;
  /// Stands in for the database.
  caf::scoped_actor core{sys};
  std::unique_ptr<sqlite::connection> writer;

  reader_fixture() {
    opts->path = folder.file("test.db");
    opts->vfs = disk.name();
    opts->readers = 2;
    // Where queries run is a matter of each test.
    opts->quick_query_time = std::chrono::nanoseconds{0};
    opts->max_cursors = 2;
    // Nothing in these tests is to expire by itself.
    opts->query_deadline = std::chrono::hours{1};
    // Not before a test says so: the machine may be slow.
    opts->slow_statement = std::chrono::hours{1};
    opts->log = [](log_level, std::string_view) {
    };
    open_writer();
    write("CREATE TABLE t(a INTEGER, b TEXT)");
  }

  ~reader_fixture() {
    disk.fail_reads(0);
    disk.release_reads();
  }

  void open_writer() {
    auto options
      = sqlite::connection_options::from(*opts, sqlite::role::writer);
    options.vfs.clear();
    auto db = sqlite::connection::open(options);
    if (!db)
      FAIL(describe(db.error()));
    writer = std::move(*db);
  }

  void close_writer() {
    REQUIRE(writer->close() == caf::none);
    writer.reset();
  }

  template <class... Ts>
  void write(std::string sql, Ts&&... xs) {
    auto result
      = writer->run(statement{std::move(sql), std::forward<Ts>(xs)...}, {});
    if (!result)
      FAIL(describe(result.error()));
  }

  /// Inserts the numbers from 1 to `count`, with their texts.
  void write_numbers(int64_t count) {
    write("WITH RECURSIVE c(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM c "
          "WHERE x < ?) INSERT INTO t(a, b) SELECT x, 'n' || x FROM c",
          count);
  }

  reader_context context() {
    fill_metrics();
    return {caf::actor_cast<reader_pool_core_actor>(self.address()),
            core_handle(), opts, shared};
  }

  reader_pool_actor start_pool() {
    fill_metrics();
    return own(spawn_reader_pool(sys, core_handle(), opts, shared));
  }

  /// Asks and renders the reply: rows, or the name of the error's code.
  template <class Handle>
  std::string answer(const Handle& dst, query what) {
    return text_of(ask<result_set>(dst, std::move(what)));
  }

  static std::string text_of(const caf::expected<result_set>& reply) {
    return reply ? to_string(*reply) : to_string(code_of(reply.error()));
  }

  template <class T>
  static std::string code_in(const caf::expected<T>& reply) {
    return reply ? "none" : to_string(code_of(reply.error()));
  }

  /// Blocks until the readers or the supervisor said `kind`, `count` times.
  void wait_for_events(child_event_kind kind, size_t count) {
    while (count > 0)
      core->receive(
        [&](const child_event& event) { count -= event.kind == kind ? 1 : 0; });
  }

  /// Blocks until `condition` holds, which no message tells of; false if it
  /// takes too long.
  template <class F>
  static bool eventually(F condition) {
    auto limit = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > limit)
        return false;
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    return true;
  }

private:
  database_core_actor core_handle() {
    return caf::actor_cast<database_core_actor>(core.address());
  }

  void fill_metrics() {
    if (!shared)
      shared
        = std::make_shared<metrics>(reader_slots(*opts), opts->max_cursors);
  }
};

/// A query that ends only by its deadline.
inline query endless_query(std::chrono::nanoseconds deadline) {
  query result{"WITH RECURSIVE c(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM "
               "c) SELECT count(*) FROM c"};
  result.deadline = deadline;
  return result;
}

} // namespace onewriter::test
