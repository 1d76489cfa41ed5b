#include "app/audit/gather/lock_table.hpp"

#include "tests/catch.hpp"

#include <limits>

using namespace onewriter;
using namespace onewriter::node;

namespace {

constexpr auto to_the_end = std::numeric_limits<uint64_t>::max();
constexpr uint64_t disk = (uint64_t{0xfe} << 32) + 0x10;

constexpr const char* table
  = R"(1: POSIX  ADVISORY  WRITE 18799 fe:10:11 120 120
2: POSIX  ADVISORY  READ 18799 fe:10:11 124 124
2: -> POSIX  ADVISORY  WRITE 18800 fe:10:11 124 124
3: FLOCK  ADVISORY  WRITE 18795 fe:10:12 0 EOF
4: OFDLCK ADVISORY  READ  -1 fe:10:13 1073741826 1073742335
5: LEASE  ACTIVE    READ 5 00:1b:14 0 EOF
nonsense
6: POSIX  ADVISORY  WRITE x fe:10:15 0 1
)";

std::string meaning(file_part part, uint64_t first, uint64_t last,
                    lock_kind kind = lock_kind::posix) {
  file_lock lock;
  lock.kind = kind;
  lock.part = part;
  lock.first = first;
  lock.last = last;
  return meaning_of(lock);
}

} // namespace

TEST_CASE("each line of the kernel's locks is read") {
  auto locks = parse_locks(table);
  REQUIRE(locks.size() == 6);
  CHECK(locks[0].kind == lock_kind::posix);
  CHECK(locks[0].exclusive);
  CHECK_FALSE(locks[0].waiting);
  CHECK(locks[0].process == 18'799);
  CHECK((locks[0].file == sqlite::file_identity{disk, 11}));
  CHECK(locks[0].first == 120);
  CHECK(locks[0].last == 120);
  CHECK_FALSE(locks[1].exclusive);
  CHECK(locks[2].waiting);
  CHECK(locks[2].process == 18'800);
  CHECK(locks[3].kind == lock_kind::flock);
  CHECK(locks[3].last == to_the_end);
  CHECK(locks[4].kind == lock_kind::other);
  CHECK(locks[4].process == -1);
  CHECK(locks[4].last == 1'073'742'335);
  CHECK(locks[5].file.device == 0x1b);
}

TEST_CASE("an empty table of locks holds none") {
  CHECK(parse_locks("").empty());
}

TEST_CASE("locks belong to a database by device and number of the file") {
  per_part<part_state> parts;
  parts[file_part::index].identity = sqlite::file_identity{disk, 11};
  parts[file_part::owner].identity = sqlite::file_identity{disk, 12};
  parts[file_part::log].identity = sqlite::file_identity{disk + 1, 13};
  auto found = locks_of_database(parse_locks(table), parts, {});
  REQUIRE(found.size() == 4);
  CHECK(found[0].part == file_part::index);
  CHECK(found[3].part == file_part::owner);
  CHECK(found[3].process == 18'795);
}

TEST_CASE("another device counts for a process that has the file open") {
  per_part<part_state> parts;
  parts[file_part::index].identity = sqlite::file_identity{77, 11};
  open_process process;
  process.id = 18'800;
  process.handles[file_part::index].writing = 1;
  auto found = locks_of_database(parse_locks(table), parts, {process});
  REQUIRE(found.size() == 1);
  CHECK(found[0].process == 18'800);
}

TEST_CASE("byte ranges have SQLite's names") {
  auto index = file_part::index;
  CHECK(meaning(index, 120, 120) == "WRITE");
  CHECK(meaning(index, 121, 122) == "CHECKPOINT, RECOVER");
  CHECK(meaning(index, 123, 123) == "READ 0");
  CHECK(meaning(index, 127, 127) == "READ 4");
  CHECK(meaning(index, 128, 128) == "IN USE");
  CHECK(meaning(index, 119, 119) == "bytes 119 to 119");
  auto file = file_part::file;
  constexpr uint64_t pending = 0x40000000;
  CHECK(meaning(file, pending, pending) == "PENDING");
  CHECK(meaning(file, pending + 1, pending + 1) == "RESERVED");
  CHECK(meaning(file, pending + 2, pending + 511) == "SHARED");
  CHECK(meaning(file, pending, pending + 511) == "PENDING, RESERVED, SHARED");
  CHECK(meaning(file, pending + 512, to_the_end)
        == "bytes 1073742336 to the end");
  CHECK(meaning(file, 0, to_the_end, lock_kind::flock) == "bytes 0 to the end");
  CHECK(meaning(file_part::owner, 0, to_the_end, lock_kind::flock) == "owner");
}
