#include "actors/sqlite/file/files.hpp"
#include "actors/sqlite/schema.hpp"
#include "onewriter/compat/messaging.hpp"
#include "tests/catch.hpp"
#include "tests/reader/reader_fixture.hpp"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

using namespace onewriter;
using namespace std::chrono_literals;

namespace fs = std::filesystem;

namespace {

class backup_fixture : public test::reader_fixture {
public:
  reader_pool_actor pool;
  std::string target = folder.file("copy.db");

  backup_fixture() {
    write_numbers(10);
  }

  void start() {
    pool = start_pool();
  }

  auto send(const std::string& path, bool overwrite = false) {
    return compat::request(
      self, pool, test::patience,
      backup{path, overwrite, caf::actor_cast<caf::actor>(self.address())});
  }

  caf::expected<backup_receipt> copy_to(const std::string& path,
                                        bool overwrite = false) {
    return receive<backup_receipt>(send(path, overwrite));
  }

  // Several steps long.
  void write_much() {
    write("CREATE TABLE much(a, b)");
    write("WITH RECURSIVE c(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM c "
          "WHERE x < 3000) INSERT INTO much(a, b) SELECT x, zeroblob(4000) "
          "FROM c");
  }

  // Checks and queries a file that has no other connections.
  std::string look_into(const std::string& path, const std::string& sql) {
    sqlite::connection_options options;
    options.path = path;
    auto db = sqlite::connection::open(options);
    if (!db)
      FAIL(describe(db.error()));
    auto report = (*db)->check(false);
    CHECK((report && report->ok()));
    auto rows = (*db)->run(statement{sql}, {});
    REQUIRE((*db)->close() == caf::none);
    return rows ? to_string(*rows) : describe(rows.error());
  }

  // What is in the folder beside the database.
  std::string other_files() {
    std::vector<std::string> names;
    for (auto& entry : fs::directory_iterator(folder.path()))
      if (auto name = entry.path().filename().string();
          name.substr(0, 7) != "test.db")
        names.push_back(name);
    std::sort(names.begin(), names.end());
    std::string result;
    for (auto& name : names)
      result += name + " ";
    return result;
  }

  std::chrono::nanoseconds age() {
    return shared->maintenance.age(std::chrono::steady_clock::now());
  }

  // Makes the next backup or check wait for its first pages.
  void empty_log() {
    REQUIRE(writer->checkpoint(sqlite::checkpoint_mode::truncate));
  }
};

void write_file(const std::string& path, const std::string& content) {
  std::ofstream{path} << content;
}

} // namespace

#define BACKUP_TEST(name) TEST_CASE_METHOD(backup_fixture, name)

// -- backup -----------------------------------------------------------------------

BACKUP_TEST("a backup is a database of its own with the same rows") {
  start();
  auto receipt = copy_to(target);
  REQUIRE(receipt);
  CHECK(receipt->path == target);
  CHECK(receipt->bytes == fs::file_size(target));
  CHECK(receipt->commit == 0);
  CHECK(other_files() == "copy.db ");
  CHECK(look_into(target, "SELECT sum(a), max(b) FROM t") == "55|'n9'\n");
  CHECK(age() == 0ns);
}

BACKUP_TEST("a receipt names the last commit that the copy contains") {
  REQUIRE(sqlite::prepare_schema(*writer) == caf::none);
  REQUIRE(writer->begin_immediate() == caf::none);
  REQUIRE(sqlite::store_commit_token(*writer, {41, 7}) == caf::none);
  REQUIRE(writer->commit() == caf::none);
  start();
  auto receipt = copy_to(target);
  REQUIRE(receipt);
  CHECK(receipt->commit == 41);
}

BACKUP_TEST("a listener hears of every step") {
  write_much();
  start();
  auto reply = send(target);
  auto receipt = receive<backup_receipt>(std::move(reply));
  REQUIRE(receipt);
  std::vector<int64_t> done;
  int64_t total = 0;
  do {
    self->receive([&](const backup_progress& progress) {
      CHECK(progress.path == target);
      done.push_back(progress.done_pages);
      total = progress.total_pages;
    });
  } while (done.back() < total);
  CHECK(done.size() > 2);
  CHECK(std::is_sorted(done.begin(), done.end()));
  CHECK(static_cast<uint64_t>(total * writer->page_size()) == receipt->bytes);
}

BACKUP_TEST("a backup is one snapshot, also under concurrent writes") {
  write_much();
  write("CREATE TABLE pair(a INTEGER, b INTEGER)");
  write("INSERT INTO pair(a, b) VALUES(0, 0)");
  start();
  std::atomic<bool> stop{false};
  std::atomic<int64_t> written{0};
  std::thread noise{[&] {
    for (int64_t i = 1; !stop; ++i) {
      if (!writer->run(statement{"UPDATE pair SET a = ?1, b = ?1", i}, {})
          || !writer->run(
            statement{"UPDATE much SET a = -a WHERE a % 100 = ?", i % 100}, {}))
        break;
      written = i;
    }
  }};
  REQUIRE(eventually([&] { return written > 0; }));
  auto before = written.load();
  auto receipt = copy_to(target);
  auto after = written.load();
  stop = true;
  noise.join();
  REQUIRE(receipt);
  CHECK(look_into(target, "SELECT count(*), count(DISTINCT abs(a)) FROM much")
        == "3000|3000\n");
  CHECK(look_into(target, "SELECT a = b FROM pair") == "1\n");
  auto seen = std::stoll(look_into(target, "SELECT a FROM pair"));
  CHECK(seen >= before);
  CHECK(seen <= after + 1);
}

BACKUP_TEST("queries do not wait for a backup") {
  opts->readers = 1;
  start();
  CHECK(answer(pool, query{"SELECT count(*) FROM t"}) == "10\n");
  empty_log();
  disk.hold_reads();
  auto reply = send(target);
  REQUIRE(disk.wait_for_held(1));
  CHECK(age() >= 0ns);
  // Held like all that read, and yet not behind the backup.
  auto other = compat::request(self, pool, test::patience,
                               query{"SELECT count(*) FROM sqlite_schema"});
  disk.release_reads();
  CHECK(text_of(receive<result_set>(std::move(other))) == "1\n");
  CHECK(receive<backup_receipt>(std::move(reply)));
}

BACKUP_TEST("every target that cannot be written has its own error") {
  auto there = folder.file("there.db");
  write_file(there, "kept");
  fs::create_directory(folder.file("folder"));
  fs::create_hard_link(opts->path, folder.file("link.db"));
  write_file(folder.file("open.db-wal"), "");
  start();
  auto check
    = [this](const std::string& path, bool overwrite, const std::string& code) {
        INFO(path);
        auto reply = copy_to(path, overwrite);
        CHECK(code_in(reply) == code);
        CHECK_FALSE(failure_of(reply.error()).message.empty());
      };
  check(there, false, "target_exists");
  check(folder.file("missing/copy.db"), false, "cannot_open");
  check(folder.file("folder"), false, "target_exists");
  check(folder.file("folder"), true, "cannot_open");
  check(folder.file("open.db"), true, "target_exists");
  check(opts->path, true, "invalid_argument");
  check(opts->path, false, "invalid_argument");
  check(folder.path() + "/./test.db", true, "invalid_argument");
  check(opts->path + "-wal", true, "invalid_argument");
  check(folder.file("link.db"), true, "invalid_argument");
  check("", false, "cannot_open");
  CHECK(other_files() == "folder link.db open.db-wal there.db ");
  CHECK(answer(pool, query{"SELECT count(*) FROM t"}) == "10\n");
  CHECK(copy_to(target));
  std::string kept;
  std::ifstream{there} >> kept;
  CHECK(kept == "kept");
}

BACKUP_TEST("a backup replaces an older one where that is asked for") {
  start();
  REQUIRE(copy_to(target));
  write("DELETE FROM t WHERE a > 1");
  CHECK(code_in(copy_to(target)) == "target_exists");
  CHECK(look_into(target, "SELECT count(*) FROM t") == "10\n");
  CHECK(copy_to(target, true));
  CHECK(look_into(target, "SELECT count(*) FROM t") == "1\n");
  CHECK(other_files() == "copy.db ");
}

BACKUP_TEST("a backup whose disk fails leaves nothing behind") {
  write_much();
  start();
  CHECK(answer(pool, query{"SELECT 1"}) == "1\n");
  empty_log();
  disk.fail_reads(1000000);
  CHECK(code_in(copy_to(target)) == "io_error");
  disk.fail_reads(0);
  CHECK(other_files() == "");
  CHECK(age() == 0ns);
  CHECK(copy_to(target));
}

BACKUP_TEST("closing cancels a backup, and nothing is left of it") {
  write_much();
  start();
  CHECK(answer(pool, query{"SELECT 1"}) == "1\n");
  empty_log();
  disk.hold_reads();
  auto running = send(target);
  REQUIRE(disk.wait_for_held(1));
  auto waiting = send(folder.file("other.db"));
  auto closed
    = compat::request(self, pool, test::patience, close_readers{false});
  CHECK(code_in(receive<backup_receipt>(std::move(waiting))) == "closed");
  // The pool has told the backup by now.
  CHECK(answer(pool, query{"SELECT 1"}) == "closed");
  disk.release_reads();
  CHECK(code_in(receive<backup_receipt>(std::move(running))) == "closed");
  CHECK(receive<caf::unit_t>(std::move(closed)));
  CHECK(other_files() == "");
  close_writer();
  CHECK_FALSE(sqlite::has_log(opts->path));
}

BACKUP_TEST("draining finishes the backups that were accepted") {
  write_much();
  start();
  auto first = send(target);
  auto second = send(folder.file("other.db"));
  auto closed
    = compat::request(self, pool, test::patience, close_readers{true});
  CHECK(receive<backup_receipt>(std::move(first)));
  CHECK(receive<backup_receipt>(std::move(second)));
  CHECK(receive<caf::unit_t>(std::move(closed)));
  CHECK(other_files() == "copy.db other.db ");
}

// -- one at a time ----------------------------------------------------------------

BACKUP_TEST("backups and integrity checks wait for each other, not for ever") {
  start();
  CHECK(answer(pool, query{"SELECT 1"}) == "1\n");
  empty_log();
  disk.hold_reads();
  auto running = send(target);
  REQUIRE(disk.wait_for_held(1));
  // Gives up while it waits.
  auto hasty = ask<integrity_report>(pool, integrity_check{false, 10ms});
  CHECK(code_in(hasty) == "deadline_exceeded");
  using response = decltype(send(target));
  std::vector<response> replies;
  for (auto i = 0; i < 8; ++i)
    replies.push_back(send(folder.file("copy" + std::to_string(i))));
  auto refused = ask<integrity_report>(pool, integrity_check{});
  CHECK(code_in(refused) == "overloaded");
  CHECK(failure_of(refused.error()).retry_after > 0ns);
  disk.release_reads();
  CHECK(receive<backup_receipt>(std::move(running)));
  for (auto& reply : replies)
    CHECK(receive<backup_receipt>(std::move(reply)));
  CHECK(ask<integrity_report>(pool, integrity_check{}));
}

// -- integrity check --------------------------------------------------------------

BACKUP_TEST("an integrity check finds nothing in a sound file") {
  start();
  for (auto quick : {false, true}) {
    auto report = ask<integrity_report>(pool, integrity_check{quick, 1h});
    REQUIRE(report);
    CHECK(report->ok());
  }
  CHECK(age() == 0ns);
}

BACKUP_TEST("an integrity check finds a violated foreign key") {
  write("CREATE TABLE child(a INTEGER REFERENCES parent(a))");
  write("CREATE TABLE parent(a INTEGER PRIMARY KEY)");
  opts->foreign_keys = false;
  close_writer();
  open_writer();
  write("INSERT INTO child(a) VALUES(5)");
  opts->foreign_keys = true;
  start();
  auto report = ask<integrity_report>(pool, integrity_check{});
  REQUIRE(report);
  REQUIRE(report->problems.size() == 1);
  CHECK(report->problems[0].find("child") != std::string::npos);
}

BACKUP_TEST("an integrity check finds damage, and readers go on") {
  write("CREATE TABLE damaged(a)");
  auto page = writer->run(
    statement{"SELECT rootpage FROM sqlite_schema WHERE name = 'damaged'"}, {});
  REQUIRE(page);
  auto size = writer->page_size();
  close_writer();
  {
    std::fstream file{opts->path,
                      std::ios::in | std::ios::out | std::ios::binary};
    file.seekp((page->rows.at(0).get<int64_t>(0) - 1) * size);
    file << std::string(static_cast<size_t>(size), '\xee');
  }
  open_writer();
  start();
  auto report = ask<integrity_report>(pool, integrity_check{});
  REQUIRE(report);
  CHECK_FALSE(report->ok());
  CHECK(code_in(copy_to(target)) == "corrupt");
  CHECK(other_files() == "");
  CHECK(answer(pool, query{"SELECT count(*) FROM t"}) == "10\n");
}

BACKUP_TEST("an integrity check stops at its deadline") {
  constexpr auto deadline = 50ms;
  write_much();
  start();
  CHECK(answer(pool, query{"SELECT 1"}) == "1\n");
  empty_log();
  disk.hold_reads();
  auto start = std::chrono::steady_clock::now();
  auto reply = compat::request(self, pool, test::patience,
                               integrity_check{false, deadline});
  REQUIRE(disk.wait_for_held(1));
  std::this_thread::sleep_until(start + 2 * deadline);
  disk.release_reads();
  CHECK(code_in(receive<integrity_report>(std::move(reply)))
        == "deadline_exceeded");
  CHECK(age() == 0ns);
  CHECK(ask<integrity_report>(pool, integrity_check{}));
}
