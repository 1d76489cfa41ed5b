#include "actors/sqlite/file/owner_lock.hpp"

#include "tests/sqlite/child_process.hpp"
#include "tests/sqlite/database_file.hpp"

#include <atomic>
#include <fstream>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace onewriter;
using namespace onewriter::test;
using sqlite::owner_lock;

namespace {

std::string refusal(const std::string& path) {
  auto lock = owner_lock::acquire(path);
  return lock ? "none" : describe(lock.error());
}

std::unique_ptr<owner_lock> acquire(const std::string& path) {
  auto lock = owner_lock::acquire(path);
  if (!lock)
    FAIL(describe(lock.error()));
  return std::move(*lock);
}

} // namespace

TEST_CASE_METHOD(database_file, "a file has one owner in a process") {
  auto lock = acquire(path);
  CHECK(lock->path() == path + "-owner");
  auto me = std::to_string(::getpid());
  CHECK(refusal(path)
        == "busy: " + path + " is owned by process " + me
             + ", which is this one: only one onewriter may own it, stop that "
               "one first");
  std::string content;
  std::ifstream{lock->path()} >> content;
  CHECK(content == me);
  lock.reset();
  CHECK_FALSE(std::filesystem::exists(path + "-owner"));
  CHECK(refusal(path) == "none");
}

TEST_CASE_METHOD(database_file, "a file has one owner among processes") {
  auto other = child_process{[this](talk_end& parent) {
    auto lock = owner_lock::acquire(path);
    parent.tell(lock ? "locked" : "failed");
    parent.wait();
    // As if it crashed: the file stays.
    ::_exit(1);
  }};
  REQUIRE(other.wait() == "locked");
  CHECK(contains(refusal(path),
                 "owned by process " + std::to_string(other.pid()) + ":"));
  other.end();
  CHECK(std::filesystem::exists(path + "-owner"));
  CHECK(refusal(path) == "none");
  CHECK_FALSE(std::filesystem::exists(path + "-owner"));
}

TEST_CASE_METHOD(database_file, "all ways to a file meet in one lock") {
  std::filesystem::create_directory(folder.file("sub"));
  std::filesystem::create_symlink("test.db", folder.file("link.db"));
  std::filesystem::create_symlink(folder.file("link.db"),
                                  folder.file("sub/far.db"));
  std::filesystem::create_directory_symlink(folder.path(),
                                            folder.file("sub/up"));
  // Before and after the file exists.
  for (auto exists : {false, true}) {
    if (exists)
      std::ofstream{path} << "";
    auto lock = acquire(path);
    for (auto way : {"./test.db", "sub/../test.db", "link.db", "sub/far.db",
                     "sub/up/test.db"}) {
      INFO(way);
      CHECK(contains(refusal(folder.file(way)), "busy"));
    }
    auto here = std::filesystem::current_path();
    std::filesystem::current_path(folder.path());
    CHECK(contains(refusal("test.db"), "busy"));
    std::filesystem::current_path(here);
    CHECK(refusal(folder.file("other.db")) == "none");
  }
}

TEST_CASE_METHOD(database_file, "a lock needs a folder to write to") {
  CHECK(contains(refusal(folder.file("missing/test.db")), "cannot_open"));
  ::chmod(folder.path().c_str(), 0555);
  auto code = in_child([this] {
    constexpr auto nobody = 65534;
    if (::getuid() == 0 && ::setresuid(nobody, nobody, nobody) != 0)
      return std::string{"cannot become nobody"};
    auto lock = owner_lock::acquire(path);
    return lock ? std::string{"none"} : name_of(lock.error());
  });
  ::chmod(folder.path().c_str(), 0755);
  CHECK(code == "read_only");
}

TEST_CASE_METHOD(database_file,
                 "a lock does not stand in for a closed stream") {
  auto input = ::dup(STDIN_FILENO);
  ::close(STDIN_FILENO);
  auto lock = acquire(path);
  auto is_closed = ::fcntl(STDIN_FILENO, F_GETFD) < 0;
  if (input >= 0) {
    ::dup2(input, STDIN_FILENO);
    ::close(input);
  }
  CHECK(is_closed);
  CHECK(contains(refusal(path), "busy"));
}

TEST_CASE_METHOD(database_file, "a lock that was taken away is not removed") {
  auto lock = acquire(path);
  std::filesystem::remove(lock->path());
  auto other = acquire(path);
  lock.reset();
  CHECK(std::filesystem::exists(path + "-owner"));
  CHECK(contains(refusal(path), "busy"));
}

TEST_CASE_METHOD(database_file, "owners that come and go never overlap") {
  std::atomic<int> owners{0};
  std::atomic<int> overlaps{0};
  std::atomic<int> turns{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      while (turns < 500) {
        auto lock = owner_lock::acquire(path);
        if (!lock)
          continue;
        if (++owners > 1)
          ++overlaps;
        ++turns;
        --owners;
      }
    });
  for (auto& x : threads)
    x.join();
  CHECK(overlaps == 0);
  CHECK_FALSE(std::filesystem::exists(path + "-owner"));
}
