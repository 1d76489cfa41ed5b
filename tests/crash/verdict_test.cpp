// Whether the verdict on processes that died sees each kind of loss: a file is
// doctored in one way after the other.
#include "tests/catch.hpp"
#include "tests/crash/numbered_row.hpp"
#include "tests/crash/receipt_log.hpp"
#include "tests/crash/verdict.hpp"
#include "tests/oracle/raw_database.hpp"
#include "tests/temp_folder.hpp"

using namespace onewriter::test;

namespace {

/// Rows 1 to 3 of two clients: the first two are acknowledged, each in a commit
/// of its own, and the last one is unanswered.
class sound_run {
public:
  temp_folder folder;
  raw_database file{folder.file("test.db")};

  sound_run() {
    file.run("CREATE TABLE row(client, number, content);"
             "CREATE TABLE tally(client, rows);"
             "CREATE TABLE onewriter_batch(number);"
             "INSERT INTO onewriter_batch VALUES(9)");
    for (uint32_t client = 0; client < client_count; ++client)
      file.run("INSERT INTO tally VALUES(" + std::to_string(client) + ", 0)");
    for (uint64_t number = 1; number <= 3; ++number)
      for (uint32_t client = 0; client < 2; ++client) {
        note(client, {note_kind::sent, number, 0});
        if (number <= 2) {
          insert(client, number);
          note(client, {note_kind::receipt, number, number * 2 + client});
        }
      }
  }

  void note(uint32_t client, const struct note& what) {
    receipt_log{receipt_log_path(folder.path(), client)}.add(what);
  }

  void insert(uint32_t client, uint64_t number) {
    auto id = std::to_string(client);
    file.run("INSERT INTO row VALUES(" + id + ", " + std::to_string(number)
             + ", '" + content_of(client, number)
             + "'); UPDATE tally SET rows = rows + 1 WHERE client = " + id);
  }

  verdict result(demand what = demand::acknowledged_once) {
    return verify(folder.path(), what);
  }

  /// Returns the one flaw that is found.
  std::string only_flaw(demand what = demand::acknowledged_once) {
    auto found = result(what);
    CHECK_FALSE(found.is_good());
    REQUIRE(found.findings.size() == 1);
    return to_string(found.findings[0].what);
  }
};

} // namespace

TEST_CASE_METHOD(sound_run, "a kill that loses nothing is good") {
  insert(0, 3);
  auto found = result();
  CHECK(found.is_good());
  CHECK(found.sent == 6);
  CHECK(found.acknowledged == 4);
  CHECK(found.unanswered == 2);
  CHECK(found.unanswered_but_there == 1);
}

TEST_CASE_METHOD(sound_run, "a run in which nothing was acknowledged is not "
                            "good") {
  temp_folder other;
  raw_database{other.file("test.db")}.run(
    "CREATE TABLE row(client, number, content);"
    "CREATE TABLE tally(client, rows)");
  CHECK_FALSE(verify(other.path(), demand::acknowledged_once).is_good());
}

TEST_CASE_METHOD(sound_run, "an acknowledged row must not be missing") {
  file.run("DELETE FROM row WHERE client = 1 AND number = 2;"
           "UPDATE tally SET rows = 1 WHERE client = 1");
  auto found = result();
  CHECK_FALSE(found.is_good());
  CHECK(count(found.findings)[static_cast<size_t>(flaw::missing)] == 1);
}

TEST_CASE_METHOD(sound_run, "a row must not be there twice") {
  insert(1, 2);
  CHECK(only_flaw() == "twice");
}

TEST_CASE_METHOD(sound_run, "a refused row must not be there") {
  note(1, {note_kind::refusal, 3, 0});
  CHECK(result().is_good());
  insert(1, 3);
  CHECK(only_flaw() == "refused, but there");
}

TEST_CASE_METHOD(sound_run, "a row that no client sent must not be there") {
  insert(1, 4);
  CHECK(only_flaw() == "never sent");
  // Nor one of a client that does not exist.
  file.run("INSERT INTO row VALUES(99, 1, '')");
  CHECK(result().findings.size() == 2);
}

TEST_CASE_METHOD(sound_run, "rows of a client must be in order") {
  file.run("UPDATE row SET rowid = 100 WHERE client = 0 AND number = 1");
  CHECK_FALSE(result().is_good());
  auto counts = count(result().findings);
  CHECK(counts[static_cast<size_t>(flaw::out_of_order)] == 1);
}

TEST_CASE_METHOD(sound_run,
                 "everything must be answered where it is demanded") {
  insert(0, 3);
  insert(1, 3);
  auto found = result(demand::everything_answered);
  CHECK(count(found.findings)[static_cast<size_t>(flaw::unanswered)] == 2);
}

TEST_CASE_METHOD(sound_run, "everything must be there where it is demanded") {
  auto found = result(demand::everything_once);
  CHECK(count(found.findings)[static_cast<size_t>(flaw::missing)] == 2);
}

TEST_CASE_METHOD(sound_run, "a row must have the content that was sent") {
  file.run("UPDATE row SET content = 'x' WHERE client = 0 AND number = 2");
  CHECK(result().altered == 1);
  CHECK_FALSE(result().is_good());
}

TEST_CASE_METHOD(sound_run, "the clients' own counts must agree") {
  file.run("UPDATE tally SET rows = 5 WHERE client = 1");
  CHECK(result().tallies_wrong == 1);
  CHECK_FALSE(result().is_good());
}

TEST_CASE_METHOD(sound_run, "receipts must not go back in time") {
  insert(1, 3);
  note(1, {note_kind::receipt, 3, 1});
  CHECK(result().back_in_time == 1);
  CHECK_FALSE(result().is_good());
}

TEST_CASE_METHOD(sound_run, "nothing comes behind a receipt") {
  note(1, {note_kind::refusal, 2, 0});
  CHECK_THROWS_AS(result(), std::runtime_error);
}

TEST_CASE_METHOD(sound_run, "damage is not good") {
  file.run("CREATE TABLE ballast(mark); CREATE TABLE snare(n);"
           "CREATE TABLE alarm(id)");
  CHECK(result().problems.size() == 1);
  CHECK_FALSE(result().is_good());
}
