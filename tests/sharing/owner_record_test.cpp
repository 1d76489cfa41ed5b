#include "actors/sharing/owner_record.hpp"

#include "actors/sqlite/file/owner_lock.hpp"
#include "tests/sqlite/database_file.hpp"

#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

using namespace onewriter;
using namespace onewriter::test;
using sqlite::owner_lock;

namespace {

owner_record sample() {
  owner_record result;
  result.process_id = ::getpid();
  result.host = "127.0.0.1";
  result.port = 40'123;
  result.started_unix_ms = 1'700'000'000'000;
  result.protocol = 7;
  result.caf = "0.17";
  result.secret = std::string(64, 'a');
  return result;
}

void check_equal(const owner_record& x, const owner_record& y) {
  CHECK(x.process_id == y.process_id);
  CHECK(x.host == y.host);
  CHECK(x.port == y.port);
  CHECK(x.started_unix_ms == y.started_unix_ms);
  CHECK(x.protocol == y.protocol);
  CHECK(x.caf == y.caf);
  CHECK(x.secret == y.secret);
}

std::string complaint(const caf::error& err) {
  return err == caf::none ? "none" : describe(err);
}

} // namespace

TEST_CASE("an owner's record is text and back") {
  auto found = parse_owner_record(to_text(sample()));
  REQUIRE(found);
  check_equal(*found, sample());
}

TEST_CASE("a record that is being written is none") {
  auto text = to_text(sample());
  // Without its last line break it is complete.
  for (size_t size = 0; size + 1 < text.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(parse_owner_record(text.substr(0, size)));
  }
}

TEST_CASE("what a newer version adds to a record is skipped") {
  auto text = to_text(sample());
  text.insert(text.find("port"), "weather fair and mild\n");
  auto found = parse_owner_record(text);
  REQUIRE(found);
  check_equal(*found, sample());
}

TEST_CASE("a record without a part is none") {
  auto text = to_text(sample());
  for (std::string key : {"host", "port", "protocol", "caf", "secret"}) {
    CAPTURE(key);
    auto begin = text.find(key + " ");
    REQUIRE(begin != text.npos);
    auto without = text;
    without.erase(begin, text.find('\n', begin) + 1 - begin);
    CHECK_FALSE(parse_owner_record(without));
  }
}

TEST_CASE_METHOD(database_file, "an owner publishes in the lock file") {
  auto nothing = read_owner_record(path);
  REQUIRE(nothing);
  CHECK_FALSE(*nothing);
  auto lock = owner_lock::acquire(path);
  REQUIRE(lock);
  nothing = read_owner_record(path);
  REQUIRE(nothing);
  CHECK_FALSE(*nothing);
  CHECK(complaint(publish_owner_record(path, sample())) == "none");
  auto found = read_owner_record(path);
  REQUIRE(found);
  REQUIRE(*found);
  check_equal(**found, sample());
  // It is still the lock that the owner holds.
  auto other = owner_lock::acquire(path);
  REQUIRE_FALSE(other);
  CHECK(contains(describe(other.error()),
                 "is owned by process " + std::to_string(::getpid()) + ","));
}

TEST_CASE_METHOD(database_file, "only the owner's user can read the secret") {
  // As an earlier version has left it.
  std::ofstream{path + "-owner"} << "1\n";
  ::chmod((path + "-owner").c_str(), 0644);
  auto lock = owner_lock::acquire(path);
  REQUIRE(lock);
  REQUIRE(ok(publish_owner_record(path, sample())));
  struct stat found;
  REQUIRE(::stat((path + "-owner").c_str(), &found) == 0);
  CHECK((found.st_mode & 0777) == 0600);
}

TEST_CASE_METHOD(database_file, "only the owner publishes") {
  std::ofstream{path + "-owner"} << "1\n";
  CHECK(contains(complaint(publish_owner_record(path, sample())),
                 "is owned by process 1:"));
  std::filesystem::remove(path + "-owner");
  CHECK(name_of(publish_owner_record(path, sample())) == "cannot_open");
  CHECK_FALSE(std::filesystem::exists(path + "-owner"));
}

TEST_CASE_METHOD(database_file, "a new owner keeps nothing of the last") {
  auto other = sample();
  other.process_id = 1;
  std::ofstream{path + "-owner"} << to_text(other);
  auto lock = owner_lock::acquire(path);
  REQUIRE(lock);
  auto found = read_owner_record(path);
  REQUIRE(found);
  CHECK_FALSE(*found);
}

TEST_CASE("secrets differ") {
  auto one = make_secret();
  auto other = make_secret();
  REQUIRE(one);
  REQUIRE(other);
  CHECK(one->size() == 64);
  CHECK(*one != *other);
}
