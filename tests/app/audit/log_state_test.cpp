#include "app/audit/gather/log_state.hpp"

#include "app/audit/gather/database_file.hpp"
#include "tests/catch.hpp"
#include "tests/oracle/raw_database.hpp"
#include "tests/sqlite/child_process.hpp"
#include "tests/temp_folder.hpp"

#include <cstring>
#include <filesystem>
#include <fstream>

using namespace onewriter;
using namespace onewriter::node;
using namespace onewriter::test;

namespace {

// What a log begins with: its mark and its version, 3007000.
const std::string log_mark
  = "\x37\x7f\x06\x82" + std::string(1, '\0') + "\x2d\xe2\x18";

void set_word(std::string& bytes, size_t at, uint32_t value) {
  std::memcpy(&bytes[at], &value, sizeof value);
}

// An index of 10 frames, 4 of them in the file.
std::string made_index() {
  std::string header(48, '\0');
  set_word(header, 0, 3'007'000);
  header[12] = 1;
  set_word(header, 16, 10);
  auto result = header + header + std::string(40, '\0');
  set_word(result, 96, 4);
  for (size_t i = 0; i < 5; ++i)
    set_word(result, 100 + 4 * i, static_cast<uint32_t>(7 + i));
  return result;
}

std::string problem_with(const std::string& path) {
  audit_facts ignored;
  return find_database(path, ignored);
}

} // namespace

TEST_CASE("the index of a log is taken apart") {
  auto found = parse_index(made_index());
  REQUIRE(found);
  CHECK(found->frames == 10);
  CHECK(found->copied == 4);
  CHECK(found->read_marks[0] == 7);
  CHECK(found->read_marks[4] == 11);
}

TEST_CASE("an index in change, or of something else, is none") {
  auto bytes = made_index();
  bytes[16] = 11;
  CHECK_FALSE(parse_index(bytes));
  bytes = made_index();
  set_word(bytes, 0, 3'007'001);
  set_word(bytes, 48, 3'007'001);
  CHECK_FALSE(parse_index(bytes));
  bytes = made_index();
  bytes[12] = 0;
  bytes[48 + 12] = 0;
  CHECK_FALSE(parse_index(bytes));
  CHECK_FALSE(parse_index(made_index().substr(0, 100)));
  CHECK_FALSE(parse_index(""));
}

TEST_CASE("frames of a log are counted up to the last commit") {
  temp_folder folder;
  auto path = folder.file("test.db");
  auto frames = in_child([&] {
    raw_database db{path};
    db.run("PRAGMA journal_mode=wal; PRAGMA wal_autocheckpoint=0;"
           "CREATE TABLE t(a); INSERT INTO t VALUES(1)");
    db.keep_log();
    return db.text("PRAGMA wal_checkpoint(PASSIVE)").empty()
             ? ""
             : std::to_string((std::filesystem::file_size(path + "-wal") - 32)
                              / (4'096 + 24));
  });
  REQUIRE_FALSE(frames.empty());
  auto log = read_log(path, false);
  CHECK(log.page_bytes == 4'096);
  CHECK(std::to_string(log.committed) == frames);
  CHECK_FALSE(log.index);
  // A frame of a transaction without its end, as a killed process leaves it.
  std::ofstream{path + "-wal", std::ios::binary | std::ios::app}
    << std::string(4'096 + 24, 'x');
  CHECK(std::to_string(read_log(path, false).committed) == frames);
}

TEST_CASE("there is no log to read") {
  temp_folder folder;
  auto log = read_log(folder.file("test.db"), true);
  CHECK(log.page_bytes == 0);
  CHECK(log.committed == 0);
  CHECK_FALSE(log.index);
}

TEST_CASE("what is no database is refused with a reason") {
  temp_folder folder;
  auto path = folder.file("a");
  CHECK(problem_with(path) == path + ": No such file or directory");
  std::filesystem::create_symlink(path, folder.file("link"));
  CHECK(problem_with(folder.file("link"))
        == folder.file("link") + " is a link to a file that does not exist");
  CHECK(problem_with(folder.path())
        == folder.path() + " is a folder: name a file in it, or use --source");
  CHECK(problem_with("/dev/null") == "/dev/null is not a regular file");
  std::ofstream{path} << std::string(200, 'x');
  CHECK(problem_with(path)
        == path + " is not a SQLite database, or it is encrypted");
  std::ofstream{path} << "SQLite format 3";
  CHECK(problem_with(path)
        == path + " is not a SQLite database, or it is encrypted");
  std::ofstream{path, std::ios::binary} << log_mark << std::string(200, 'x');
  CHECK(problem_with(path)
        == path + " is a log of a database: name the database itself");
}

TEST_CASE("an empty file and a link are databases") {
  temp_folder folder;
  auto path = folder.file("a");
  std::ofstream{path}.close();
  std::filesystem::create_symlink(path, folder.file("link"));
  audit_facts found;
  CHECK(find_database(folder.file("link"), found).empty());
  CHECK(found.path == path);
  CHECK(found.header.page_bytes == 0);
  CHECK(found.names == 1);
  CHECK(found.parts[file_part::file].identity);
  CHECK_FALSE(found.parts[file_part::log].identity);
}

TEST_CASE("only the number that a lock file begins with is read") {
  temp_folder folder;
  auto path = folder.file("a");
  std::ofstream{path}.close();
  std::ofstream{path + "-owner"} << "4711\nsecret";
  audit_facts found;
  CHECK(find_database(path, found).empty());
  CHECK(found.named_owner == "4711");
}

TEST_CASE("a journal holds a transaction if it begins with the mark") {
  temp_folder folder;
  auto path = folder.file("a");
  CHECK(journal_beginning(path).empty());
  std::ofstream{path + "-journal"} << std::string(512, '\0');
  CHECK(journal_beginning(path).empty());
  std::ofstream{path + "-journal", std::ios::binary}
    << "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" << std::string(504, '\0');
  CHECK(journal_beginning(path).size() == 28);
}
