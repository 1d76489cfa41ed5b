// How much memory a receipt or a list takes.
#include "tests/database/client_fixture.hpp"
#include "tests/memory/peak_memory.hpp"

#include <string>
#include <vector>

using namespace onewriter;
using namespace onewriter::test;

namespace {

class result_fixture : public client_fixture {
public:
  /// Leaves `count` dead letters behind, each with a value of `bytes`.
  void file_dead_letter(size_t count, size_t bytes) {
    for (size_t i = 0; i < count; ++i) {
      send_and_forget(
        write{"INSERT INTO missing VALUES(?)", blob(bytes, std::byte{1})});
      auto is_buried = [&] {
        return stats().dead_letters == i + 1;
      };
      if (!eventually(is_buried))
        FAIL("the write was not buried");
    }
  }

  dead_letters list(int64_t after) {
    list_dead_letters what;
    what.after = after;
    auto found = db->dead_letters(what);
    if (!found)
      FAIL(describe(found.error()));
    return std::move(*found);
  }
};

write zeros(size_t statements, const std::string& bytes) {
  write result;
  for (size_t i = 0; i < statements; ++i)
    result.statements.push_back(statement{"SELECT zeroblob(" + bytes + ")"});
  return result;
}

} // namespace

TEST_CASE_METHOD(result_fixture, "the limit of a result is for the whole "
                                 "receipt") {
  opts.max_result_bytes = 10'000;
  opts.max_result_rows = 5;
  open();
  must("CREATE TABLE t(a)");
  must("INSERT INTO t VALUES(1), (2), (3)");
  CHECK(outcome_of(db->write(zeros(3, "3000"))) == "ok");
  CHECK(outcome_of(db->write(zeros(4, "3000"))) == "too_big");
  write rows;
  rows.statements.resize(2, statement{"SELECT a FROM t"});
  CHECK(outcome_of(db->write(rows)) == "too_big");
  rows.statements[1] = statement{"SELECT a FROM t LIMIT 2"};
  CHECK(outcome_of(db->write(rows)) == "ok");
  auto made = [](session&) -> caf::expected<result_set> {
    result_set result;
    result.columns.resize(1);
    result.rows.resize(6);
    return result;
  };
  CHECK(outcome_of(db->transaction(made)) == "too_big");
  close();
}

TEST_CASE_METHOD(result_fixture, "a receipt of many large rows takes no more "
                                 "memory than its limit allows") {
  open();
  peak_memory peak;
  CHECK(outcome_of(db->write(zeros(20, "60000000"))) == "too_big");
  CHECK(peak.growth_mb() < 300);
  close();
}

TEST_CASE_METHOD(result_fixture, "a list of dead letters ends where its memory "
                                 "does, and goes on after that") {
  opts.max_result_bytes = 10'000'000;
  open();
  file_dead_letter(20, 4'000'000);
  peak_memory peak;
  size_t found = 0;
  auto after = int64_t{0};
  for (auto more = true; more;) {
    auto page = list(after);
    REQUIRE(page.letters.size() <= 2);
    for (auto& letter : page.letters) {
      CHECK_FALSE(letter.is_cut);
      CHECK(letter.statements.at(0).parameters.size() == 1);
      after = letter.id;
      ++found;
    }
    more = page.truncated;
  }
  CHECK(found == 20);
  // All of them take more than 80 MB, several times over.
  CHECK(peak.growth_mb() < 120);
  close();
}

TEST_CASE_METHOD(result_fixture, "a dead letter that is too big for a list can "
                                 "be replayed and discarded") {
  opts.max_result_bytes = 10'000;
  open();
  file_dead_letter(2, 100'000);
  send_and_forget(write{"INSERT INTO missing VALUES(?)", 1});
  REQUIRE(eventually([&] { return stats().dead_letters == 3; }));
  auto first = list(0);
  REQUIRE(first.letters.size() == 1);
  CHECK(first.truncated);
  auto& letter = first.letters.front();
  CHECK(letter.is_cut);
  CHECK(letter.statements.empty());
  CHECK(letter.code == ec::invalid_sql);
  must("CREATE TABLE missing(a)");
  CHECK(outcome_of(db->replay(letter.id)) == "ok");
  CHECK(rows("SELECT LENGTH(a) FROM missing") == "100000");
  auto second = list(letter.id);
  // Without its values it leaves room for the last one.
  REQUIRE(second.letters.size() == 2);
  CHECK(second.letters.front().is_cut);
  CHECK_FALSE(second.letters.back().is_cut);
  CHECK_FALSE(second.truncated);
  CHECK(outcome_of(db->discard(second.letters.front().id)) == "ok");
  auto last = list(0);
  REQUIRE(last.letters.size() == 1);
  CHECK_FALSE(last.letters.front().is_cut);
  CHECK_FALSE(last.truncated);
  close();
}
