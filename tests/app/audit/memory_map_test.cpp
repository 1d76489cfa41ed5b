#include "app/audit/gather/memory_map.hpp"

#include "tests/catch.hpp"

using namespace onewriter;
using namespace onewriter::node;

namespace {

constexpr const char* map
  = R"(55d0-55d1 r--p 00000000 fe:10 100                        /usr/bin/my program
55d1-55d2 r-xp 00001000 fe:10 100                        /usr/bin/my program
55d2-55d3 rw-p 00000000 00:00 0                          [heap]
7f00-7f01 r-xp 00001000 fe:10 101                        /usr/lib/libc.so.6
7f01-7f02 r-xp 00002000 fe:10 101                        /usr/lib/libc.so.6
7f02-7f03 r--s 00000000 fe:10 102                        /srv/shop.db-shm
7f03-7f04 r-xp 00000000 00:1b 103                        /usr/lib/libSQLite3.so.0 (deleted)
7f04-7f05 r-xp 00000000 00:00 0                          [vdso]
7f05-7f06 r-xp 00000000 00:00 0 
nonsense
)";

} // namespace

TEST_CASE("what a process runs is read from its memory map, SQLite first") {
  auto found = parse_maps(map);
  REQUIRE(found.size() == 3);
  CHECK(found[0].path == "/usr/lib/libSQLite3.so.0");
  CHECK(found[0].deleted);
  CHECK(found[0].range == "7f03-7f04");
  CHECK((found[0].identity == sqlite::file_identity{0x1b, 103}));
  CHECK(found[1].path == "/usr/bin/my program");
  CHECK(found[1].range == "55d1-55d2");
  CHECK_FALSE(found[1].deleted);
  CHECK((found[1].identity
         == sqlite::file_identity{(uint64_t{0xfe} << 32) + 0x10, 100}));
  CHECK(found[2].path == "/usr/lib/libc.so.6");
}

TEST_CASE("a memory map that cannot be read is empty") {
  CHECK(parse_maps("").empty());
}
