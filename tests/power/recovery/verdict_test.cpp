// Whether the power cuts' verdict sees each kind of loss: what was found is
// doctored in one way after the other.
#include "tests/catch.hpp"
#include "tests/power/numbered_write.hpp"
#include "tests/power/recovery/verdict.hpp"

using namespace onewriter::test;

using onewriter::synchronous;

namespace {

constexpr size_t cut = 100;

/// Write 1 had survived an earlier cut. Of writes 2 to 5, all of one sender,
/// the first two were acknowledged before the cut and one after it.
class sound_remains {
public:
  run_ledger ledger;
  found_file found;

  sound_remains() {
    ledger.old_writes = {{0, 0}, {1, 0}};
    ledger.writes = {{2, 1, 10, 20, 4},
                     {3, 1, 30, 40, 5},
                     {4, 1, 90, 110, 6},
                     {5, 1, 120, 130, 7}};
    ledger.documents = {{1, 50, 60, 5}, {2, 95, never, 0}};
    found.commit = 6;
    found.version = 1;
    for (uint64_t number = 0; number <= 4; ++number)
      add(number, number < 2 ? 0 : 1);
  }

  void add(uint64_t number, uint32_t sender) {
    found.writes[number] = sender;
    auto rows = number == 0 ? 1 : parts_of(number);
    for (uint64_t part = 1; part <= rows; ++part)
      found.rows.push_back({number, part});
  }

  void remove(uint64_t number) {
    found.writes.erase(number);
    std::vector<found_row> kept;
    for (auto& x : found.rows)
      if (x.write != number)
        kept.push_back(x);
    found.rows = kept;
  }

  size_t problems(synchronous level = synchronous::full) const {
    return verify(found, ledger, cut, level).problems.size();
  }
};

} // namespace

TEST_CASE_METHOD(sound_remains,
                 "a power cut that loses nothing is no problem") {
  CHECK(problems() == 0);
  auto result = verify(found, ledger, cut, synchronous::full);
  CHECK(result.acknowledged == 2);
  CHECK(result.lost == 0);
}

TEST_CASE_METHOD(sound_remains, "what an earlier cut had left must be there") {
  remove(1);
  CHECK(problems() == 1);
  CHECK(problems(synchronous::normal) == 1);
}

TEST_CASE_METHOD(sound_remains, "with full no acknowledged write may be lost, "
                                "with normal the last ones") {
  remove(4);
  remove(3);
  found.commit = 4;
  found.version = 0;
  // The write, and the document of the same commit.
  CHECK(problems() == 2);
  CHECK(problems(synchronous::normal) == 0);
  auto result = verify(found, ledger, cut, synchronous::normal);
  CHECK(result.lost == 1);
  CHECK(result.lost_commits == 1);
}

TEST_CASE_METHOD(sound_remains, "a cut leaves no part of the commits behind") {
  remove(2);
  // Missing, its commit is there, and two later writes of its sender.
  CHECK(problems() == 4);
  CHECK(problems(synchronous::normal) == 4);
}

TEST_CASE_METHOD(sound_remains, "a cut brings back nothing unsent") {
  add(5, 1);
  found.commit = 7;
  CHECK(problems() == 1);
  add(9, 1);
  CHECK(problems() == 2);
}

TEST_CASE_METHOD(sound_remains, "a cut leaves each write whole and once") {
  found.rows.push_back(found.rows.back());
  CHECK(problems() == 1);
  found.rows.pop_back();
  found.rows.pop_back();
  CHECK(problems() == 1);
}

TEST_CASE_METHOD(sound_remains, "a cut leaves a version of the document that "
                                "may be there") {
  // The job for this one had begun.
  found.version = 2;
  CHECK(problems() == 0);
  found.version = 0;
  CHECK(problems() == 1);
  found.version = 3;
  CHECK(problems() == 1);
}

TEST_CASE_METHOD(sound_remains, "what the file says against itself counts") {
  found.problems = {"the total is wrong"};
  CHECK(problems() == 1);
}
