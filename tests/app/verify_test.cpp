#include "app/demo/checks/verify.hpp"

#include "actors/text/sha256.hpp"
#include "app/demo/core/node_schema.hpp"
#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

#include <sqlite3.h>

#include <filesystem>
#include <iterator>
#include <stdexcept>

using namespace onewriter;
using namespace onewriter::node;

namespace {

constexpr const char* index_tables
  = "CREATE TABLE onewriter_index(id INTEGER PRIMARY KEY, name TEXT);"
    "CREATE TABLE onewriter_document(id INTEGER PRIMARY KEY, "
    "index_id INTEGER, key TEXT, bytes INTEGER, first_passage INTEGER, "
    "end_passage INTEGER);"
    "INSERT INTO onewriter_index VALUES(3, 'files');"
    "INSERT INTO onewriter_document VALUES(1, 3, '/tree/a', 10, 5, 7);";

// A file as a run leaves it: two peers with two connects and one, and a text of
// two blocks that is indexed.
class node_file {
public:
  node_file() {
    for (auto& x : create_tables().statements)
      run(x.sql);
    run(index_tables);
    run("INSERT INTO run VALUES(1, '/tree', 0)");
    add_peers();
    add_text();
  }

  void run(const std::string& sql) {
    sqlite3* db = nullptr;
    auto ok = sqlite3_open(path.c_str(), &db) == SQLITE_OK
              && sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr)
                   == SQLITE_OK;
    std::string problem = ok ? "" : sqlite3_errmsg(db);
    sqlite3_close(db);
    if (!ok)
      throw std::runtime_error{problem + ": " + sql};
  }

  // The names of the checks that fail, one on each line.
  std::string failures() const {
    std::string result;
    auto all = verify_file(path, told, [](const char*, uint64_t, uint64_t) {});
    for (auto& x : all)
      if (!x.holds)
        result += x.name + '\n';
    return result;
  }

  test::temp_folder folder;
  std::string path = folder.file("node.db");
  expected_state told;

private:
  void add_peers() {
    run("INSERT INTO peer VALUES(1, 'a', 'x', 2, 0.5, 1, 4), "
        "(2, 'b', 'y', 1, 0.5, 1, 2)");
    run("INSERT INTO session VALUES(10, 1, 1, 1, 0), (11, 1, 2, 1, 0), "
        "(12, 1, 1, 2, 0)");
    run("INSERT INTO domain VALUES('a.example', 1, 3)");
    told.run = 1;
    told.records = {peer_record{}, peer_record{}};
    told.records[0].peer = 1;
    told.records[0].sent = 2;
    told.records[0].marks = session_mark(1, 1, 10) + session_mark(1, 2, 12);
    told.records[0].peer_updates = 4;
    told.records[0].domain_updates = 2;
    told.records[1].peer = 2;
    told.records[1].sent = 1;
    told.records[1].marks = session_mark(2, 1, 11);
    told.records[1].peer_updates = 2;
    told.versions_before = 1;
    told.database.best_effort.submitted = 6;
    told.database.best_effort.written = 4;
    told.database.best_effort.coalesced = 2;
  }

  void add_text() {
    auto block = [](const char* data) {
      auto size = std::string{data}.size();
      return "('" + to_hex(sha256_of(data)) + "', " + std::to_string(size)
             + ", CAST('" + data + "' AS BLOB))";
    };
    auto name = [](const char* data) {
      return "'" + to_hex(sha256_of(data)) + "'";
    };
    run("INSERT INTO block VALUES" + block("hello ") + ", " + block("you!"));
    run("INSERT INTO file VALUES(1, 1, '/tree/a', 10, " + name("hello you!")
        + ", 1, 2)");
    run("INSERT INTO file_block VALUES(1, 0, " + name("hello ") + "), (1, 1, "
        + name("you!") + ")");
    told.stored.files = 1;
    told.stored.bytes = 10;
    told.stored.blocks = 2;
    told.stored.finished = true;
    told.indexed.texts = 1;
  }
};

} // namespace

TEST_CASE("a file that agrees with all replies passes every check") {
  node_file file;
  CHECK(file.failures().empty());
  CHECK(find_text_index(file.path, "files") == 3);
}

TEST_CASE("verifying leaves nothing beside the file") {
  node_file file;
  file.run("PRAGMA journal_mode = WAL");
  CHECK(file.failures().empty());
  CHECK(std::distance(std::filesystem::directory_iterator{file.folder.path()},
                      std::filesystem::directory_iterator{})
        == 1);
}

TEST_CASE("a lost session is missed") {
  node_file file;
  file.run("DELETE FROM session WHERE id = 11");
  CHECK(file.failures()
        == "every receipt's row is there, in order: raw SQL\n"
           "each peer has as many sessions as connects\n");
}

TEST_CASE("a session that was written twice is found") {
  node_file file;
  file.run("INSERT INTO session VALUES(13, 1, 1, 2, 0)");
  file.run("UPDATE peer SET connects = 3 WHERE id = 1");
  CHECK(file.failures() == "no row is duplicate or extra: raw SQL\n");
}

TEST_CASE("a domain update that was lost or done twice is found") {
  node_file file;
  file.run("UPDATE domain SET version = 4");
  CHECK(file.failures() == "each domain update was applied once\n");
  file.run("UPDATE domain SET version = 2");
  CHECK(file.failures() == "each domain update was applied once\n");
}

TEST_CASE("the newest update may be missing only where some were dropped") {
  node_file file;
  file.run("UPDATE peer SET update_number = 3 WHERE id = 1");
  CHECK(file.failures() == "each peer has its newest update\n");
  file.told.database.best_effort.written = 3;
  file.told.database.best_effort.dropped_full = 1;
  CHECK(file.failures().empty());
  file.run("UPDATE peer SET update_number = 5 WHERE id = 1");
  CHECK(file.failures() == "each peer has its newest update\n");
}

TEST_CASE("a block with another content is found") {
  node_file file;
  file.run("UPDATE block SET data = CAST('YOU!' AS BLOB) WHERE size = 4");
  CHECK(file.failures()
        == "each block's content hashes to its name\n"
           "reassembled files equal the files that were read\n");
}

TEST_CASE("blocks in the wrong order are found") {
  node_file file;
  file.run("UPDATE file_block SET position = 2 WHERE position = 0");
  CHECK(file.failures()
        == "reassembled files equal the files that were read\n");
}

TEST_CASE("a file without all of its blocks is found") {
  node_file file;
  file.run("DELETE FROM file_block WHERE position = 1");
  CHECK(file.failures()
        == "each stored file has all of its blocks\n"
           "reassembled files equal the files that were read\n");
}

TEST_CASE("a reference to a block that is not there is found") {
  node_file file;
  file.run("DELETE FROM block WHERE size = 4");
  CHECK(file.failures()
        == "each stored file has all of its blocks\n"
           "reassembled files equal the files that were read\n"
           "foreign keys hold: raw PRAGMA foreign_key_check\n");
}

TEST_CASE("a file that was not whole at the end is no stored file") {
  node_file file;
  file.run("INSERT INTO file(id, run, path) VALUES(2, 1, '/tree/b')");
  file.run("INSERT INTO file_block SELECT 2, 0, hash FROM block LIMIT 1");
  file.told.stored.blocks = 3;
  CHECK(file.failures() == "each stored file has all of its blocks\n");
  file.told.stored.finished = false;
  CHECK(file.failures().empty());
}

TEST_CASE("a text that the index does not have as it is is found") {
  node_file file;
  file.run("UPDATE onewriter_document SET bytes = 9");
  CHECK(file.failures() == "each indexed text is in the index\n");
  file.run("DELETE FROM onewriter_document");
  CHECK(file.failures() == "each indexed text is in the index\n");
}

TEST_CASE("a file that cannot be read fails") {
  node_file file;
  file.path = file.folder.file("missing.db");
  CHECK(file.failures() == "the file can be opened\n");
  CHECK(find_text_index(file.path, "files") == 0);
}
