// Replaces the global operator new
// (https://en.cppreference.com/w/cpp/memory/new/operator_new). A backtrace
// tells whose code an allocation is for. It costs much more than the
// allocation, so that only those are looked at that could fail.
#include "tests/fault/inject/faulty_new.hpp"

#include "tests/fault/inject/own_code.hpp"

#include <execinfo.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>

using namespace onewriter::test;

// Not in namespace onewriter, which a backtrace is searched for.
namespace {

constexpr int most_frames = 64;

struct backtrace_frames {
  backtrace_frames() : count{backtrace(at, most_frames)} {
    // nop
  }

  void* at[most_frames];
  int count;
};

std::atomic<bool> counting{false};
std::atomic<thread_role> victim{thread_role::test};
std::atomic<uint64_t> first{0};
std::atomic<uint64_t> length{0};
std::atomic<uint64_t> counted{0};
std::atomic<uint64_t> failures{0};

// Of the first failure; written once a run, by the thread that fails.
void* place_frames[most_frames];
std::atomic<int> place_count{0};

// A backtrace may allocate.
thread_local bool is_looking = false;

bool is_for_library() {
  is_looking = true;
  backtrace_frames frames;
  is_looking = false;
  if (!own_code::is_on(frames.at, static_cast<size_t>(frames.count)))
    return false;
  auto place = failures++;
  if (place >= length)
    return --failures, false;
  if (place == 0) {
    std::copy(frames.at, frames.at + frames.count, place_frames);
    place_count = frames.count;
  }
  return true;
}

bool fails() noexcept {
  if (!counting || own_role != victim || is_looking)
    return false;
  return counted++ >= first && failures < length && is_for_library();
}

void* allocate(size_t size) noexcept {
  return fails() ? nullptr : std::malloc(size == 0 ? 1 : size);
}

// The size has to be a multiple of the alignment.
void* allocate(size_t size, std::align_val_t alignment) noexcept {
  auto unit = static_cast<size_t>(alignment);
  auto rounded = (size + unit - 1) / unit * unit;
  return fails() ? nullptr : std::aligned_alloc(unit, rounded);
}

void* or_throw(void* result) {
  if (result == nullptr)
    throw std::bad_alloc{};
  return result;
}

} // namespace

namespace onewriter::test {

bool faulty_new::install() {
  // The first backtrace loads what it needs.
  backtrace_frames{};
  return own_code::load();
}

void faulty_new::start(thread_role who, uint64_t index, uint64_t count) {
  victim = who;
  first = index;
  length = count;
  counted = 0;
  failures = 0;
  place_count = 0;
  counting = true;
}

void faulty_new::stop() {
  counting = false;
}

uint64_t faulty_new::failed() {
  return failures;
}

uint64_t faulty_new::count() {
  return counted;
}

std::string faulty_new::place() {
  return own_code::describe(place_frames, static_cast<size_t>(place_count));
}

} // namespace onewriter::test

// -- what the language calls ------------------------------------------------------

void* operator new(size_t size) {
  return or_throw(allocate(size));
}

void* operator new[](size_t size) {
  return or_throw(allocate(size));
}

void* operator new(size_t size, const std::nothrow_t&) noexcept {
  return allocate(size);
}

void* operator new[](size_t size, const std::nothrow_t&) noexcept {
  return allocate(size);
}

void* operator new(size_t size, std::align_val_t alignment) {
  return or_throw(allocate(size, alignment));
}

void* operator new[](size_t size, std::align_val_t alignment) {
  return or_throw(allocate(size, alignment));
}

void* operator new(size_t size, std::align_val_t alignment,
                   const std::nothrow_t&) noexcept {
  return allocate(size, alignment);
}

void* operator new[](size_t size, std::align_val_t alignment,
                     const std::nothrow_t&) noexcept {
  return allocate(size, alignment);
}

void operator delete(void* what) noexcept {
  std::free(what);
}

void operator delete[](void* what) noexcept {
  std::free(what);
}

void operator delete(void* what, size_t) noexcept {
  std::free(what);
}

void operator delete[](void* what, size_t) noexcept {
  std::free(what);
}

void operator delete(void* what, std::align_val_t) noexcept {
  std::free(what);
}

void operator delete[](void* what, std::align_val_t) noexcept {
  std::free(what);
}

void operator delete(void* what, size_t, std::align_val_t) noexcept {
  std::free(what);
}

void operator delete[](void* what, size_t, std::align_val_t) noexcept {
  std::free(what);
}
