// The tables:
//
// entry: one row per part of a write; nothing keeps a part from being there
//   twice but onewriter. The payload is the write's number and the part's,
//   again and again.
// total: one row, how many writes and parts there are.
// scratch: one row per sender, what it wrote last, so that pages become free
//   and are used again.
#include "tests/power/numbered_write.hpp"

#include "tests/database/positioned_write.hpp"

#include <cstdio>
#include <cstring>
#include <utility>

namespace onewriter::test {

namespace {

constexpr const char* create_entry
  = "CREATE TABLE entry(number INTEGER NOT NULL, sender INTEGER NOT NULL, "
    "part INTEGER NOT NULL, parts INTEGER NOT NULL, payload BLOB NOT NULL)";

constexpr const char* create_total
  = "CREATE TABLE total(writes INTEGER NOT NULL, parts INTEGER NOT NULL)";

constexpr const char* create_scratch
  = "CREATE TABLE scratch(sender INTEGER PRIMARY KEY, number INTEGER NOT NULL, "
    "payload BLOB NOT NULL)";

constexpr const char* insert_entry
  = "INSERT INTO entry(number, sender, part, parts, payload) "
    "VALUES(?, ?, ?, ?, ?)";

constexpr const char* insert_scratch
  = "INSERT OR REPLACE INTO scratch(sender, number, payload) VALUES(?, ?, ?)";

// Spreads numbers (https://xoshiro.di.unimi.it/splitmix64.c).
uint64_t mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

constexpr size_t unit = 10;

// Mostly short, some longer than a page.
size_t units_of(uint64_t number, uint32_t part) {
  auto draw = mix(number * 16 + part);
  return draw % 8 == 0 ? 420 + draw / 8 % 900 : 1 + draw / 8 % 25;
}

blob payload(uint64_t number, uint32_t part, size_t units) {
  char text[unit + 1];
  std::snprintf(text, sizeof text, "%010llu",
                static_cast<unsigned long long>(number * 10 + part));
  blob result(units * unit);
  for (size_t i = 0; i < units; ++i)
    std::memcpy(result.data() + i * unit, text, unit);
  return result;
}

constexpr uint32_t scratch_part = 9;

} // namespace

write table_write() {
  write result{create_entry};
  result.then("CREATE INDEX entry_number ON entry(number, part)")
    .then(create_total)
    .then(create_scratch)
    .then("INSERT INTO total(writes, parts) VALUES(0, 0)");
  return result;
}

write numbered_write(uint64_t number, uint32_t sender) {
  auto id = static_cast<int64_t>(number);
  auto parts = parts_of(number);
  write result;
  for (uint32_t part = 0; part < parts; ++part)
    result.then(insert_entry, id, sender, part, parts,
                payload(number, part, units_of(number, part)));
  result.then("UPDATE total SET writes = writes + 1, parts = parts + ?", parts);
  if (replaces_scratch(number))
    result.then(insert_scratch, sender, id,
                payload(number, scratch_part, units_of(number, scratch_part)));
  return result;
}

pending_write_ptr positioned_write(uint64_t number, uint32_t sender,
                                   uint64_t settled, work_request what) {
  auto session = make_session("sender " + std::to_string(sender));
  return positioned(std::move(what), {session, number, settled});
}

uint32_t parts_of(uint64_t number) {
  return 1 + mix(number) % 4;
}

uint64_t bytes_of_part(uint64_t number, uint32_t part) {
  return units_of(number, part) * unit;
}

bool replaces_scratch(uint64_t number) {
  return mix(number) / 4 % 3 == 0;
}

uint64_t bytes_of_scratch(uint64_t number) {
  return bytes_of_part(number, scratch_part);
}

} // namespace onewriter::test
