#include "actors/sqlite/online_backup.hpp"

#include "actors/sqlite/schema.hpp"
#include "tests/sqlite/database_file.hpp"

#include <atomic>
#include <fstream>

#include <sqlite3.h>
#include <unistd.h>

using namespace onewriter;
using namespace onewriter::test;
using sqlite::online_backup;
using sqlite::role;

namespace {

constexpr auto fill
  = "INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
    "SELECT i + 1 FROM n WHERE i < 1000) "
    "SELECT NULL, randomblob(300) FROM n";

class full_file : public writer_file {
public:
  full_file() {
    CHECK(ok(prepare_schema(*db)));
    CHECK(answer(*db, "CREATE TABLE t(id INTEGER PRIMARY KEY, x)") == "");
    CHECK(answer(*db, fill) == "");
    CHECK(ok(store_commit_token(*db, {7, 8})));
  }

  std::unique_ptr<online_backup> begin(bool overwrite = false) {
    auto result = online_backup::begin(*reader, target, overwrite);
    if (!result)
      FAIL(describe(result.error()));
    return std::move(*result);
  }

  std::string refusal(const std::string& name, bool overwrite = false) {
    auto result = online_backup::begin(*reader, name, overwrite);
    return result ? "none" : name_of(result.error());
  }

  // Everything beside the source.
  std::string left_over() const {
    std::string result;
    for (auto& x : std::filesystem::directory_iterator{folder.path()})
      if (x.path().filename().string().find("test.db") != 0)
        result += x.path().filename().string() + " ";
    return result;
  }

  connection_ptr reader = open(role::reader);
  std::string target = folder.file("copy.db");
};

void step_to_end(online_backup& backup, int pages = 1'000) {
  for (;;) {
    auto done = backup.step(pages);
    if (!done)
      FAIL(describe(done.error()));
    if (*done)
      return;
  }
}

// Asks a file with plain SQLite, as another program would.
std::string ask_file(const std::string& path, const char* sql) {
  sqlite3* raw = nullptr;
  std::string result;
  sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READONLY, nullptr);
  auto append = [](void* out, int, char** values, char**) {
    *static_cast<std::string*>(out) += values[0];
    return 0;
  };
  if (sqlite3_exec(raw, sql, append, &result, nullptr) != SQLITE_OK)
    result = sqlite3_errmsg(raw);
  sqlite3_close(raw);
  return result;
}

} // namespace

TEST_CASE_METHOD(full_file, "a backup is one sound file") {
  auto backup = begin();
  step_to_end(*backup);
  auto receipt = backup->finish();
  REQUIRE(receipt);
  CHECK(receipt->path == target);
  CHECK(receipt->commit == 7);
  CHECK(receipt->bytes == std::filesystem::file_size(target));
  CHECK(backup->done_pages() == backup->total_pages());
  backup.reset();
  CHECK(left_over() == "copy.db ");
  CHECK(ask_file(target, "PRAGMA journal_mode") == "delete");
  CHECK(ask_file(target, "PRAGMA integrity_check") == "ok");
  CHECK(ask_file(target, "SELECT count(*) FROM t") == "1000");
  CHECK(left_over() == "copy.db ");
  CHECK_FALSE(reader->in_transaction());
}

TEST_CASE_METHOD(full_file, "a backup goes on while other connections write") {
  auto sum
    = "SELECT sum(length(x)) || '-' || count(*) || '-' || max(id) FROM t";
  auto before = ask_file(path, sum);
  auto backup = begin();
  int steps = 0;
  int64_t last = 0;
  for (auto done = false; !done; ++steps) {
    auto result = backup->step(5);
    REQUIRE(result);
    done = *result;
    // It never starts over: each step brings it further.
    CHECK(backup->done_pages() > last);
    last = backup->done_pages();
    CHECK(answer(*db, "UPDATE t SET x = randomblob(400) WHERE id % 50 = ?",
                 steps % 50)
          == "");
    CHECK(answer(*db, "INSERT INTO t VALUES(NULL, zeroblob(5000))") == "");
    CHECK(db->checkpoint(sqlite::checkpoint_mode::passive));
  }
  CHECK(steps > 10);
  REQUIRE(backup->finish());
  CHECK(ask_file(target, sum) == before);
  CHECK(ask_file(path, sum) != before);
}

TEST_CASE_METHOD(full_file, "a backup given up leaves nothing behind") {
  auto backup = begin();
  REQUIRE(backup->step(3));
  CHECK(left_over() != "");
  CHECK(backup->done_pages() == 3);
  CHECK(backup->total_pages() > 3);
  backup.reset();
  CHECK(left_over() == "");
  CHECK(answer(*reader, "SELECT count(*) FROM t") == "1000\n");
  CHECK(ok(reader->close()));
}

TEST_CASE_METHOD(full_file, "a backup that is not complete is not published") {
  auto backup = begin();
  REQUIRE(backup->step(3));
  CHECK_FALSE(backup->finish());
  backup.reset();
  CHECK(left_over() == "");
}

TEST_CASE_METHOD(full_file, "a target that exists is kept unless overwritten") {
  std::ofstream{target} << "mine";
  CHECK(refusal(target) == "target_exists");
  CHECK(std::filesystem::file_size(target) == 4);
  auto backup = begin(true);
  CHECK(std::filesystem::file_size(target) == 4);
  step_to_end(*backup);
  REQUIRE(backup->finish());
  CHECK(ask_file(target, "SELECT count(*) FROM t") == "1000");
}

TEST_CASE_METHOD(full_file,
                 "a target that is created during a backup is kept") {
  auto backup = begin();
  step_to_end(*backup);
  std::ofstream{target} << "mine";
  auto receipt = backup->finish();
  REQUIRE_FALSE(receipt);
  CHECK(name_of(receipt.error()) == "target_exists");
  backup.reset();
  CHECK(left_over() == "copy.db ");
  CHECK(std::filesystem::file_size(target) == 4);
}

TEST_CASE_METHOD(full_file, "targets that would do harm are refused") {
  CHECK(refusal(path, true) == "invalid_argument");
  CHECK(refusal(folder.path() + "/../" + path.substr(5), true)
        == "invalid_argument");
  CHECK(refusal(path + "-wal", true) == "invalid_argument");
  CHECK(refusal(path + "-owner", true) == "invalid_argument");
  std::filesystem::create_hard_link(path, folder.file("test.db.hard"));
  CHECK(refusal(folder.file("test.db.hard"), true) == "invalid_argument");
  CHECK(refusal(folder.path(), true) == "cannot_open");
  CHECK(refusal(folder.file("missing/copy.db")) == "cannot_open");
  std::ofstream{target + "-wal"} << "hot";
  CHECK(refusal(target, true) == "target_exists");
  CHECK(answer(*reader, "SELECT count(*) FROM t") == "1000\n");
  CHECK(answer(*db, "INSERT INTO t(x) VALUES(1)") == "");
}

TEST_CASE_METHOD(full_file, "one backup at a time goes to one target") {
  auto backup = begin();
  auto other = open(role::reader);
  auto second = online_backup::begin(*other, target, true);
  REQUIRE_FALSE(second);
  CHECK(name_of(second.error()) == "busy");
  step_to_end(*backup);
  CHECK(backup->finish());
}

TEST_CASE_METHOD(full_file, "what an earlier process left is no hindrance") {
  std::ofstream{target + ".partial"} << "half a backup";
  std::ofstream{target + ".partial-journal"} << "and its journal";
  auto backup = begin();
  step_to_end(*backup);
  CHECK(backup->finish());
  backup.reset();
  CHECK(left_over() == "copy.db ");
}

TEST_CASE_METHOD(full_file, "damage in the source is found in the copy") {
  REQUIRE(answer(*db, "CREATE INDEX t_x ON t(x)") == "");
  REQUIRE(ok(reader->close()));
  REQUIRE(ok(db->close()));
  {
    std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(4096 * 40);
    file << std::string(4096 * 3, '\x55');
  }
  db = open(role::writer);
  reader = open(role::reader);
  auto backup = begin();
  step_to_end(*backup);
  auto receipt = backup->finish();
  REQUIRE_FALSE(receipt);
  CHECK(name_of(receipt.error()) == "corrupt");
  backup.reset();
  CHECK(left_over() == "");
}

TEST_CASE_METHOD(writer_file, "a file that onewriter never owned is copied") {
  REQUIRE(answer(*db, "CREATE TABLE t(x)") == "");
  auto reader = open(role::reader);
  auto backup = online_backup::begin(*reader, folder.file("copy.db"), false);
  REQUIRE(backup);
  step_to_end(**backup);
  auto receipt = (*backup)->finish();
  REQUIRE(receipt);
  CHECK(receipt->commit == 0);
}

TEST_CASE_METHOD(full_file, "a copy is not verified beyond the closing") {
  std::atomic<bool> closing{false};
  auto how = options(role::reader);
  how.closing = &closing;
  reader = open(how);
  auto backup = begin();
  step_to_end(*backup);
  closing = true;
  auto receipt = backup->finish();
  REQUIRE_FALSE(receipt);
  CHECK(name_of(receipt.error()) == "closed");
  backup.reset();
  CHECK(left_over() == "");
}
