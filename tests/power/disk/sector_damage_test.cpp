// Whether power cuts damage what they may, and nothing else.
#include "tests/catch.hpp"
#include "tests/power/disk/disk_state.hpp"

#include <algorithm>
#include <set>

using namespace onewriter::test;

namespace {

disk_change write_at(size_t offset, std::string bytes) {
  return {change::write, file_kind::log, "a", offset, std::move(bytes)};
}

disk_change on_file(change what, size_t offset = 0) {
  return {what, file_kind::log, "a", offset, {}};
}

std::vector<const disk_change*> pointers(const std::vector<disk_change>& xs) {
  std::vector<const disk_change*> result;
  for (auto& x : xs)
    result.push_back(&x);
  return result;
}

// What becomes of "a" in each of many cuts after `changes`; "-" where there is
// no such file.
std::set<std::string> outcomes(const folder_content& before,
                               const std::vector<disk_change>& changes) {
  disk_state disk{before};
  for (auto& x : changes)
    disk.apply(x);
  std::set<std::string> result;
  damage_counts counts;
  for (uint64_t seed = 0; seed < 500; ++seed) {
    std::mt19937_64 random{seed};
    auto left = disk.remains(random, counts);
    result.insert(left.count("a") > 0 ? left["a"] : "-");
  }
  return result;
}

using texts = std::set<std::string>;

} // namespace

TEST_CASE("a power cut leaves alone what was synced") {
  CHECK(outcomes({{"a", "old"}}, {}) == texts{"old"});
  CHECK(
    outcomes({{"a", "old"}}, {write_at(1, "new"), on_file(change::truncate, 3),
                              write_at(4, "!"), on_file(change::sync)})
    == texts{std::string("one\0!", 5)});
}

TEST_CASE("a power cut keeps, drops or tears what was written") {
  // The second byte is not part of the write.
  auto left = outcomes({{"a", "abcd"}}, {write_at(2, "CD")});
  CHECK(left == texts{"abcd", "abCd", "abcD", "abCD"});
}

TEST_CASE("a sector holds what it held at some time") {
  auto left = outcomes({{"a", "0"}},
                       {write_at(0, "1"), write_at(0, "2"), write_at(0, "3")});
  CHECK(left == texts{"0", "1", "2", "3"});
}

TEST_CASE("each sector is on its own") {
  constexpr size_t far = 4'096;
  auto old = std::string(far, 'a') + "b";
  auto left = outcomes({{"a", old}}, {write_at(0, "A"), write_at(far, "B")});
  texts ends;
  for (auto& x : left)
    ends.insert({x.front(), x.back()});
  CHECK(ends == texts{"ab", "Ab", "aB", "AB"});
}

TEST_CASE("a file may grow without the bytes that made it grow") {
  auto left = outcomes({{"a", "a"}}, {write_at(1, "b")});
  CHECK(left == texts{"a", std::string("a\0", 2), "ab"});
}

TEST_CASE("a truncation is kept or undone, and shows nothing old") {
  auto left = outcomes({{"a", "abc"}}, {on_file(change::truncate, 1)});
  CHECK(left == texts{"a", "abc"});
  left = outcomes({{"a", "abc"}},
                  {on_file(change::truncate, 0), write_at(2, "C")});
  CHECK(left.count(std::string("\0\0C", 3)) == 1);
  CHECK(left.count("") == 1);
  CHECK(left.count("abc") == 1);
  CHECK(left.count("abC") == 1);
  CHECK(left.count(std::string("a\0C", 3)) == 0);
}

TEST_CASE("a careful disk keeps everything") {
  uint64_t seed = 20241;
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  std::string expected = "some bytes";
  auto synced = expected;
  std::vector<disk_change> changes;
  for (int i = 0; i < 200; ++i) {
    auto offset = random() % 6'000;
    if (random() % 5 == 0 && offset < expected.size()) {
      changes.push_back(on_file(change::truncate, offset));
      expected.resize(offset);
      continue;
    }
    changes.push_back(
      write_at(offset, std::string(1 + random() % 900,
                                   static_cast<char>('a' + random() % 26))));
    auto& bytes = changes.back().bytes;
    expected.resize(std::max(expected.size(), offset + bytes.size()));
    expected.replace(offset, bytes.size(), bytes);
  }
  damage_counts counts;
  damage_style careful{512, 100, 0};
  CHECK(damaged(synced, pointers(changes), careful, random, counts)
        == expected);
  CHECK(counts.lost + counts.torn + counts.lost_truncations == 0);
  CHECK(counts.kept > 0);
}

TEST_CASE("a name is there for sure once the folder is synced") {
  auto create = on_file(change::create);
  auto remove = on_file(change::remove);
  auto sync_names = on_file(change::sync_folder);
  CHECK(outcomes({}, {create}) == texts{"-", ""});
  // Content without a name cannot be found.
  CHECK(outcomes({}, {create, write_at(0, "x"), on_file(change::sync)})
        == texts{"-", "x"});
  CHECK(outcomes({}, {create, sync_names}) == texts{""});
  CHECK(outcomes({{"a", "x"}}, {remove}) == texts{"-", "x"});
  CHECK(outcomes({{"a", "x"}}, {remove, create}) == texts{"-", "x", ""});
  CHECK(outcomes({{"a", "x"}}, {remove, sync_names}) == texts{"-"});
}
