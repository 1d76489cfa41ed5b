// Whether the oracle sees what is wrong with a file, independent of its writes:
// a file that onewriter has made is doctored past it.
#include "tests/database/database_fixture.hpp"
#include "tests/oracle/soundness.hpp"
#include "tests/strain/burden.hpp"

#include <fstream>

using namespace onewriter;
using namespace onewriter::test;

namespace {

constexpr const char* text = "one passage of text";

class closed_file : public database_fixture {
public:
  closed_file() {
    open();
    write tables;
    add_burden_tables(tables);
    REQUIRE(db->write(std::move(tables)));
    chunked_index what;
    what.index = "notes";
    what.key = "a";
    what.text = text;
    REQUIRE(db->index(std::move(what)));
    auto receipt = db->write("INSERT INTO t(a) VALUES(1)");
    REQUIRE(receipt);
    commit = receipt->commit;
    close();
  }

  std::vector<std::string> problems() {
    raw_database file{opts.path};
    return problems_of(file);
  }

  uint64_t commit = 0;
};

} // namespace

TEST_CASE_METHOD(closed_file, "the oracle reads a file of onewriter's") {
  CHECK(problems().empty());
  raw_database file{opts.path};
  CHECK(last_commit_of(file) == commit);
  auto documents = documents_of(file);
  REQUIRE(documents.size() == 1);
  CHECK(documents[0].key == "a");
  CHECK(documents[0].text == text);
}

TEST_CASE_METHOD(closed_file, "the oracle sees a damaged index") {
  raw_database{opts.path}.run("DELETE FROM onewriter_fts_1_data WHERE id > 10");
  REQUIRE_FALSE(problems().empty());
}

TEST_CASE_METHOD(closed_file, "the oracle sees a damaged database") {
  raw_database file{opts.path};
  file.run("CREATE INDEX doctored ON t(a); PRAGMA writable_schema = ON;"
           "UPDATE sqlite_schema SET sql = 'CREATE INDEX doctored ON t(b)' "
           "WHERE name = 'doctored'");
  REQUIRE_FALSE(problems().empty());
}

TEST_CASE_METHOD(closed_file, "the oracle sees what a failed request left") {
  raw_database{opts.path}.run(
    "UPDATE ballast SET mark = 1 WHERE id = (SELECT min(id) FROM ballast)");
  REQUIRE(problems().size() == 1);
  CHECK(problems()[0] == "requests that failed have left 12|1|0");
}

TEST_CASE_METHOD(closed_file, "the oracle sees a document that is not whole") {
  raw_database file{opts.path};
  file.run("DELETE FROM onewriter_fts_1");
  CHECK(documents_of(file).at(0).text == "");
}

TEST_CASE_METHOD(closed_file, "the oracle cannot read what is no database") {
  std::ofstream{opts.path, std::ios::binary} << std::string(5'000, '\xa5');
  CHECK_THROWS_AS(problems(), std::runtime_error);
}
