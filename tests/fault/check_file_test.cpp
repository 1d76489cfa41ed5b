// Whether the comparison of a file with the replies sees each kind of loss: a
// file is doctored in one way after the other.
#include "tests/catch.hpp"
#include "tests/fault/check_file.hpp"
#include "tests/oracle/raw_database.hpp"
#include "tests/temp_folder.hpp"

using namespace onewriter::test;

namespace {

/// Two writes that are acknowledged, one that was refused, a best-effort
/// message, and a document.
class sound_trial {
public:
  temp_folder folder;
  raw_database file{folder.file("test.db")};
  replies heard;

  sound_trial() {
    heard.writes = {{1, 1, 2, reply_state::acknowledged, 3},
                    {0, 1, 0, reply_state::acknowledged, 3},
                    {4, 1, 2, reply_state::acknowledged, 4},
                    {7, 1, 2, reply_state::refused, 0}};
    heard.versions[1] = reply_state::acknowledged;
    heard.versions[2] = reply_state::unknown;
    heard.written_messages = {1, 0};
    file.run(
      "CREATE TABLE entry(id, part); CREATE TABLE tally(n);"
      "CREATE TABLE latest(key, number);"
      "CREATE TABLE onewriter_batch(number);"
      "INSERT INTO onewriter_batch VALUES(4);"
      "INSERT INTO entry VALUES(1, 1), (1, 2), (4, 1), (4, 2);"
      "INSERT INTO tally VALUES(2); INSERT INTO latest VALUES('odd', 1)");
    file.run("CREATE TABLE onewriter_index(id);"
             "INSERT INTO onewriter_index VALUES(1);"
             "CREATE TABLE onewriter_document(key, index_id, first_passage,"
             "end_passage); INSERT INTO onewriter_document VALUES"
             "('document', 1, 1, 2);"
             "CREATE VIRTUAL TABLE onewriter_fts_1 USING fts5(body);"
             "INSERT INTO onewriter_fts_1(rowid, body) VALUES(1, '"
             + document_text(1, script_length::brief) + "')");
  }

  /// Returns how much is wrong once the file was changed by `sql`.
  size_t problems_after(const std::string& sql) {
    file.run(sql);
    return check_file(folder.file("test.db"), heard, script_length::brief)
      .size();
  }
};

} // namespace

TEST_CASE_METHOD(sound_trial, "a file that agrees with the replies is sound") {
  CHECK(problems_after("") == 0);
}

TEST_CASE_METHOD(sound_trial, "an acknowledged write must be there") {
  // Missing, and its commit is there.
  CHECK(problems_after("DELETE FROM entry WHERE id = 4; UPDATE tally SET n = 1")
        == 2);
}

TEST_CASE_METHOD(sound_trial, "no acknowledged write may have lost its table") {
  CHECK(problems_after("DROP TABLE entry") == 4);
}

TEST_CASE_METHOD(sound_trial, "a write must be there wholly and once") {
  CHECK(problems_after("DELETE FROM entry WHERE id = 1 AND part = 1") == 1);
  CHECK(problems_after("DELETE FROM entry; INSERT INTO entry VALUES(1, 1), "
                       "(1, 2), (1, 1), (1, 2), (4, 1), (4, 2)")
        == 1);
}

TEST_CASE_METHOD(sound_trial, "a refused write must not be there") {
  CHECK(problems_after("INSERT INTO entry VALUES(7, 1), (7, 2); "
                       "UPDATE tally SET n = 3")
        == 1);
}

TEST_CASE_METHOD(sound_trial, "what no caller sent must not be there") {
  CHECK(problems_after("INSERT INTO entry VALUES(99, 1); "
                       "UPDATE tally SET n = 3")
        == 1);
}

TEST_CASE_METHOD(sound_trial, "writes must be in the order of their sender") {
  heard.writes[0].commit = 0;
  CHECK(problems_after("DELETE FROM entry; INSERT INTO entry VALUES(4, 1), "
                       "(4, 2), (1, 1), (1, 2)")
        == 1);
}

TEST_CASE_METHOD(sound_trial, "the tally must agree with the writes") {
  CHECK(problems_after("UPDATE tally SET n = 3") == 1);
}

TEST_CASE_METHOD(sound_trial, "messages must be there as they were counted") {
  CHECK(problems_after("INSERT INTO latest VALUES('odd', 3)") == 1);
  heard.written_messages = {2, 0};
  CHECK(problems_after("") == 0);
  heard.written_messages = {1, 1};
  CHECK(problems_after("") == 0);
  CHECK(problems_after("DELETE FROM latest") == 1);
}

TEST_CASE_METHOD(sound_trial, "messages must not be overtaken by older ones") {
  heard.written_messages.reset();
  CHECK(problems_after("INSERT INTO latest VALUES('odd', 5), ('odd', 3)") == 1);
}

TEST_CASE_METHOD(sound_trial, "an acknowledged document must be there wholly") {
  CHECK(problems_after("UPDATE onewriter_document SET key = key") == 0);
  SECTION("not in part") {
    CHECK(problems_after("UPDATE onewriter_fts_1 SET body = 'half'") == 2);
  }
  SECTION("not missing") {
    CHECK(problems_after("DELETE FROM onewriter_document") == 1);
  }
  SECTION("not twice") {
    CHECK(problems_after("INSERT INTO onewriter_document SELECT * "
                         "FROM onewriter_document")
          == 1);
  }
}

TEST_CASE_METHOD(sound_trial, "damage is found") {
  CHECK(problems_after("DELETE FROM onewriter_fts_1_data WHERE id > 10") > 0);
  file.run("DROP TABLE latest; CREATE TABLE latest(other)");
  CHECK(problems_after("") > 0);
}
