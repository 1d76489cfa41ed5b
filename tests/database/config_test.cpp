#include "messages/compat/serialization.hpp"
#include "onewriter/compat/errors.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/compat/setup.hpp"
#include "onewriter/config.hpp"
#include "onewriter/scheduler.hpp"

#include "onewriter/failure.hpp"
#include "tests/database/client_fixture.hpp"

#include <sstream>
#include <string>
#include <vector>

// What an embedding program has of its own: message types, an error enum, and
// a configuration class that does not derive from ours.
namespace embedder {

struct greeting {
  std::string text;
  onewriter::value gift;
};

template <class Inspector>
auto inspect(Inspector& f, greeting& x) {
  using onewriter::compat::field;
  return onewriter::compat::inspect_object(f, x, field("text", x.text),
                                           field("gift", x.gift));
}

} // namespace embedder

CAF_BEGIN_TYPE_ID_BLOCK(onewriter_test_embedder, caf::first_custom_type_id)

  CAF_ADD_TYPE_ID(onewriter_test_embedder, (embedder::greeting))

CAF_END_TYPE_ID_BLOCK(onewriter_test_embedder)

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

namespace {

using embedder_types
  = compat::type_registrar<caf::id_block::onewriter_test_embedder>;

class embedder_config : message_types,
                        embedder_types,
                        public caf::actor_system_config {
public:
  embedder_config() {
    register_messages(*this);
    compat::register_types<ec, caf::id_block::onewriter_test_embedder>(*this);
  }
};

caf::behavior greeter(const std::string& addressee) {
  return {
    [addressee](embedder::greeting& x) {
      x.text += ", " + addressee;
      return x;
    },
  };
}

/// A configuration that was given `arguments` and the content of a file.
class parsed {
public:
  explicit parsed(std::vector<std::string> arguments,
                  const std::string& file = {}) {
    std::istringstream content{file};
    error = cfg.parse(std::move(arguments), content);
  }

  config cfg;
  caf::error error;
};

options options_from(std::vector<std::string> arguments,
                     const std::string& file = {}) {
  arguments.insert(arguments.begin(), "--onewriter.path=x.db");
  parsed result{std::move(arguments), file};
  REQUIRE(result.error == caf::none);
  auto opts = result.cfg.database_options();
  if (!opts)
    FAIL(describe(opts.error()));
  return *opts;
}

/// What is wrong with `arguments`: nothing where they are fine.
std::string complaint(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "--onewriter.path=x.db");
  parsed result{std::move(arguments)};
  if (result.error != caf::none)
    return "refused by CAF";
  auto opts = result.cfg.database_options();
  return opts ? std::string{} : describe(opts.error());
}

} // namespace

// -- the command line and the file ---------------------------------------------------------

TEST_CASE("a scheduler without threads is refused") {
  config cfg;
  CHECK(scheduler_problem(cfg).empty());
  set_up_scheduler(cfg);
  CHECK(scheduler_problem(cfg).empty());
  cfg.set(max_threads_key, size_t{0});
  CHECK(scheduler_problem(cfg)
        == std::string{max_threads_key} + ": must be 1 or more");
}

TEST_CASE("without any setting the options are the documented defaults") {
  auto opts = options_from({});
  CHECK(opts.path == "x.db");
  CHECK(opts.synchronous == synchronous::full);
  CHECK(opts.thread == writer_thread::automatic);
  CHECK(opts.foreign_keys);
  CHECK(opts.readers == 4);
  CHECK(opts.quick_query_time == 1ms);
  CHECK(opts.queue.max_items == 100'000);
  CHECK(effective_checkpoint_pages(opts) == 250);
  CHECK(opts.query_deadline == 5s);
  CHECK(opts.restarts.max_restarts == 3);
  CHECK(opts.alerts.dead_letters == 1);
  CHECK(first_problem(opts) == "");
}

TEST_CASE("checkpoints are rarer where commits are not synced") {
  options opts;
  opts.synchronous = synchronous::normal;
  CHECK(effective_checkpoint_pages(opts) == 1'000);
  opts.checkpoint_pages = 300;
  CHECK(effective_checkpoint_pages(opts) == 300);
  opts.synchronous = synchronous::full;
  CHECK(effective_checkpoint_pages(opts) == 300);
}

TEST_CASE("every option is set on the command line") {
  auto opts = options_from({
    "--onewriter.synchronous=normal",
    "--onewriter.foreign-keys=off",
    "--onewriter.readers=2",
    "--onewriter.quick-query-time=43us",
    "--onewriter.max-cursors=3",
    "--onewriter.vfs=unix-none",
    "--onewriter.writer-thread=scheduled",
    "--onewriter.busy-timeout=7ms",
    "--onewriter.lock-patience=8s",
    "--onewriter.max-attempts=9",
    "--onewriter.checkpoint-pages=10",
    "--onewriter.wal-limit-bytes=11",
    "--onewriter.statement-cache=12",
    "--onewriter.cache-bytes=1000000",
    "--onewriter.max-items=13",
    "--onewriter.max-bytes=14",
    "--onewriter.best-effort-items=15",
    "--onewriter.best-effort-bytes=16",
    "--onewriter.overload-target=17ms",
    "--onewriter.overload-interval=18ms",
    "--onewriter.turn-items=19",
    "--onewriter.turn-bytes=20",
    "--onewriter.turn-time=21us",
    "--onewriter.max-value-bytes=22",
    "--onewriter.max-result-rows=23",
    "--onewriter.max-result-bytes=24",
    "--onewriter.max-queries=25",
    "--onewriter.query-deadline=26s",
    "--onewriter.cursor-idle-limit=27s",
    "--onewriter.cursor-limit=28min",
    "--onewriter.write-run-limit=28s",
    "--onewriter.chunk-time=29ms",
    "--onewriter.index-jobs=30",
    "--onewriter.idempotency-retention=31min",
    "--onewriter.slow-statement=32ms",
    "--onewriter.max-restarts=33",
    "--onewriter.restart-period=34s",
    "--onewriter.restart-delay=35ms",
    "--onewriter.max-restart-delay=36s",
    "--onewriter.alert-pending-writes=37",
    "--onewriter.alert-oldest-pending=38s",
    "--onewriter.alert-dead-letters=39",
    "--onewriter.alert-wal-bytes=40",
    "--onewriter.alert-oldest-reader=41s",
    "--onewriter.alert-interval=42ms",
  });
  CHECK(opts.synchronous == synchronous::normal);
  CHECK_FALSE(opts.foreign_keys);
  CHECK(opts.readers == 2);
  CHECK(opts.quick_query_time == 43us);
  CHECK(opts.max_cursors == 3);
  CHECK(opts.vfs == "unix-none");
  CHECK(opts.thread == writer_thread::scheduled);
  CHECK(opts.busy_timeout == 7ms);
  CHECK(opts.lock_patience == 8s);
  CHECK(opts.max_attempts == 9);
  CHECK(opts.checkpoint_pages == 10);
  CHECK(opts.wal_limit_bytes == 11);
  CHECK(opts.statement_cache == 12);
  CHECK(opts.cache_bytes == 1'000'000);
  CHECK(opts.queue.max_items == 13);
  CHECK(opts.queue.max_bytes == 14);
  CHECK(opts.queue.best_effort_items == 15);
  CHECK(opts.queue.best_effort_bytes == 16);
  CHECK(opts.queue.overload_target == 17ms);
  CHECK(opts.queue.overload_interval == 18ms);
  CHECK(opts.queue.turn_items == 19);
  CHECK(opts.queue.turn_bytes == 20);
  CHECK(opts.queue.turn_time == 21us);
  CHECK(opts.max_value_bytes == 22);
  CHECK(opts.max_result_rows == 23);
  CHECK(opts.max_result_bytes == 24);
  CHECK(opts.max_queries == 25);
  CHECK(opts.query_deadline == 26s);
  CHECK(opts.cursor_idle_limit == 27s);
  CHECK(opts.cursor_limit == 28min);
  CHECK(opts.write_run_limit == 28s);
  CHECK(opts.chunk_time == 29ms);
  CHECK(opts.index_jobs == 30);
  CHECK(opts.idempotency_retention == 31min);
  CHECK(opts.slow_statement == 32ms);
  CHECK(opts.restarts.max_restarts == 33);
  CHECK(opts.restarts.period == 34s);
  CHECK(opts.restarts.initial_delay == 35ms);
  CHECK(opts.restarts.max_delay == 36s);
  CHECK(opts.alerts.pending_writes == 37);
  CHECK(opts.alerts.oldest_pending == 38s);
  CHECK(opts.alerts.dead_letters == 39);
  CHECK(opts.alerts.wal_bytes == 40);
  CHECK(opts.alerts.oldest_reader == 41s);
  CHECK(opts.alerts.check_interval == 42ms);
}

TEST_CASE("options are read from CAF's configuration file") {
  // CAF 0.17 reads INI files, CAF 1.x has a syntax of its own; each ignores
  // what it finds in the other's.
  const std::string settings = "  synchronous = \"normal\"\n"
                               "  readers = 7\n"
                               "  lock-patience = 250ms\n"
                               "  foreign-keys = \"off\"\n";
  auto file = "[onewriter]\n" + settings;
  if (parsed{{}, file}.cfg.database.readers != 7)
    file = "onewriter {\n" + settings + "}\n";
  auto opts = options_from({}, file);
  CHECK(opts.synchronous == synchronous::normal);
  CHECK(opts.readers == 7);
  CHECK(opts.lock_patience == 250ms);
  CHECK_FALSE(opts.foreign_keys);
  // The command line comes after the file.
  opts = options_from({"--onewriter.readers=8"}, file);
  CHECK(opts.readers == 8);
  CHECK(opts.lock_patience == 250ms);
}

TEST_CASE("what a program sets first is the default") {
  config cfg;
  cfg.database.path = "program.db";
  cfg.database.readers = 9;
  cfg.database.synchronous = synchronous::normal;
  std::istringstream nothing;
  REQUIRE(cfg.parse({"--onewriter.max-cursors=1"}, nothing) == caf::none);
  auto opts = cfg.database_options();
  REQUIRE(opts);
  CHECK(opts->path == "program.db");
  CHECK(opts->readers == 9);
  CHECK(opts->synchronous == synchronous::normal);
  CHECK(opts->max_cursors == 1);
}

// -- wrong values ----------------------------------------------------------------------------

TEST_CASE("a wrong value is refused by the name of its option") {
  const std::vector<std::pair<std::string, std::string>> cases{
    {"foreign-keys=maybe", "foreign-keys: must be on or off"},
    {"synchronous=off", "synchronous: must be full or normal"},
    {"writer-thread=both",
     "writer-thread: must be automatic, detached or scheduled"},
    {"readers=0", "readers: must be 1 to 64"},
    {"readers=65", "readers: must be 1 to 64"},
    {"max-cursors=65", "max-cursors: must be 0 to 64"},
    {"max-value-bytes=0", "max-value-bytes: must be 1 to"},
    {"max-value-bytes=1000000001", "max-value-bytes: must be 1 to"},
    {"max-result-rows=0", "max-result-rows: must be"},
    {"max-result-bytes=0", "max-result-bytes: must be"},
    {"query-deadline=0s", "query-deadline: must be"},
    {"write-run-limit=0s", "write-run-limit: must be"},
    {"cursor-idle-limit=0s", "cursor-idle-limit: must be"},
    {"cursor-limit=0s", "cursor-limit: must be"},
    {"busy-timeout=51ms", "busy-timeout: must be 0 to 50 ms"},
    {"max-items=0", "max-items: must be"},
    {"max-bytes=0", "max-bytes: must be"},
    {"best-effort-items=0", "best-effort-items: must be"},
    {"best-effort-bytes=0", "best-effort-bytes: must be"},
    {"turn-items=0", "turn-items: must be"},
    {"turn-bytes=0", "turn-bytes: must be"},
    {"turn-time=0s", "turn-time: must be"},
    {"overload-interval=0s", "overload-interval: must be"},
    {"alert-interval=0s", "alert-interval: must be"},
    {"max-attempts=0", "max-attempts: must be"},
    {"chunk-time=0s", "chunk-time: must be"},
    {"index-jobs=0", "index-jobs: must be 1 to 64"},
    {"index-jobs=65", "index-jobs: must be 1 to 64"},
    {"quick-query-time=-1ms", "quick-query-time: must not be negative"},
    {"statement-cache=0", "statement-cache: must be"},
    {"cache-bytes=4095", "cache-bytes: must be"},
  };
  for (auto& [argument, expected] : cases) {
    auto found = complaint({"--onewriter." + argument});
    INFO(argument);
    INFO(found);
    CHECK(found.rfind("invalid_argument: onewriter." + expected, 0) == 0);
  }
  CHECK(complaint({"--onewriter.readers=64", "--onewriter.index-jobs=64"})
        == "");
}

TEST_CASE("what is no value of its type is refused by CAF") {
  CHECK(complaint({"--onewriter.readers=many"}) == "refused by CAF");
  CHECK(complaint({"--onewriter.readers=-1"}) == "refused by CAF");
  CHECK(complaint({"--onewriter.query-deadline=soon"}) == "refused by CAF");
  CHECK(complaint({"--onewriter.unheard-of=1"}) == "refused by CAF");
}

TEST_CASE("options without a path name the path") {
  config cfg;
  auto opts = cfg.database_options();
  REQUIRE_FALSE(opts);
  CHECK(describe(opts.error())
        == "invalid_argument: onewriter.path: no file was named");
}

TEST_CASE_METHOD(client_fixture, "wrong options do not open a file") {
  opts.readers = 0;
  auto err = try_open();
  CHECK(outcome_of(err) == "invalid_argument");
  CHECK(failure_of(err).message.find("readers: must be 1 to 64")
        != std::string::npos);
  opts.readers = 1;
  open();
  must("CREATE TABLE t(a)");
}

TEST_CASE("names of settings lead back to them") {
  auto back = synchronous::full;
  for (auto x : {synchronous::full, synchronous::normal}) {
    CHECK(from_string(to_string(x), back));
    CHECK(back == x);
  }
  CHECK_FALSE(from_string("off", back));
  CHECK(back == synchronous::normal);
}

// -- how a program embeds it ------------------------------------------------------------------

TEST_CASE("a program with types of its own registers ours beside them") {
  temp_folder folder;
  embedder_config cfg;
  caf::actor_system sys{cfg};
  caf::scoped_actor self{sys};
  options opts;
  opts.path = folder.file("test.db");
  {
    auto db = scoped_database::open(sys, opts);
    REQUIRE(db);
    REQUIRE((*db)->write("CREATE TABLE t(a)"));
    REQUIRE((*db)->write("INSERT INTO t(a) VALUES(?)", "gift"));
    auto found = (*db)->query("SELECT a FROM t");
    REQUIRE(found);
    auto sender = sys.spawn(greeter, "world");
    std::string text;
    compat::request(self, sender, patience,
                    embedder::greeting{"hello", found->rows[0].cells[0]})
      .receive(
        [&](embedder::greeting& x) { text = x.text + to_string(x.gift); },
        [&](caf::error& err) { text = compat::render(sys, err); });
    CHECK(text == "hello, world'gift'");
    caf::anon_send_exit(sender, caf::exit_reason::user_shutdown);
  }
  // Its types and ours travel.
  compat::byte_buffer bytes;
  auto sent = caf::make_message(embedder::greeting{"hello", 5},
                                write{"INSERT INTO t(a) VALUES(?)", 7});
  REQUIRE(compat::serialize(sys, sent, bytes) == caf::none);
  caf::message received;
  REQUIRE(compat::deserialize(sys, bytes, received) == caf::none);
  REQUIRE((received.match_elements<embedder::greeting, write>()));
  CHECK(received.get_as<embedder::greeting>(0).text == "hello");
  CHECK(received.get_as<write>(1).statements.at(0).parameters.at(0)
        == value{7});
  // CAF knows the names of our errors.
  auto text = compat::render(sys, make_failure(ec::busy, "locked"));
  CHECK(text.find("busy") != std::string::npos);
}
