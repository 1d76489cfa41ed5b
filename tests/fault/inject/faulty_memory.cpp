// The allocator that SQLite would have used is asked for what does not fail
// (https://sqlite.org/malloc.html#alternative_memory_allocators).
#include "tests/fault/inject/faulty_memory.hpp"

#include "tests/fault/inject/thread_role.hpp"

#include <sqlite3.h>

#include <atomic>

namespace onewriter::test {

namespace {

sqlite3_mem_methods real;

std::atomic<bool> counting{false};
std::atomic<bool> only_writer{false};
std::atomic<uint64_t> first{0};
std::atomic<uint64_t> length{0};
std::atomic<uint64_t> counted{0};
std::atomic<uint64_t> failures{0};

bool fails() {
  if (!counting || (only_writer && own_role != thread_role::writer))
    return false;
  auto number = counted++;
  if (number < first || number - first >= length)
    return false;
  ++failures;
  return true;
}

void* allocate(int size) {
  return fails() ? nullptr : real.xMalloc(size);
}

void* reallocate(void* what, int size) {
  return fails() ? nullptr : real.xRealloc(what, size);
}

} // namespace

bool faulty_memory::install() {
  if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real) != SQLITE_OK)
    return false;
  auto mine = real;
  mine.xMalloc = allocate;
  mine.xRealloc = reallocate;
  return sqlite3_config(SQLITE_CONFIG_MALLOC, &mine) == SQLITE_OK;
}

void faulty_memory::start(whose who, uint64_t index, uint64_t count) {
  only_writer = who == whose::writer;
  first = index;
  length = count;
  counted = 0;
  failures = 0;
  counting = true;
}

void faulty_memory::stop() {
  counting = false;
}

uint64_t faulty_memory::failed() {
  return failures;
}

uint64_t faulty_memory::count() {
  return counted;
}

} // namespace onewriter::test
