// What `import` makes of files.
#include "tests/app/commands/command_fixture.hpp"

#include "app/commands/import/rejects_file.hpp"
#include "app/commands/import/run_import.hpp"
#include "app/commands/output/json_text.hpp"
#include "onewriter/client.hpp"
#include "onewriter/config.hpp"
#include "tests/sharing/peer.hpp"

#include <cmath>
#include <fstream>
#include <random>

#include <unistd.h>

using namespace onewriter;
using namespace onewriter::test;
using onewriter::node::json;

namespace {

class import_fixture : public command_fixture {
public:
  std::string source = folder.file("rows.csv");

  std::string write_source(const std::string& name, const std::string& text) {
    source = folder.file(name);
    std::ofstream{source, std::ios::binary} << text;
    return source;
  }

  command_outcome import(std::vector<std::string> more = {}) {
    std::vector<std::string> words{"import", file, "t", source};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }

  /// Lines and reasons of the rejects file, and their texts.
  std::string rejects() const {
    std::ifstream in{source + ".rejects"};
    std::string result;
    for (std::string line; std::getline(in, line);) {
      auto x = json::parse(line);
      result += std::to_string(x["line"].get<int>()) + ": "
                + x["reason"].get<std::string>() + " <"
                + (x["text"].is_string() ? x["text"].get<std::string>()
                                         : x["text"].dump())
                + ">\n";
    }
    return result;
  }

  std::string types() {
    return rows("SELECT group_concat(name || ':' || type, ' ') FROM "
                "pragma_table_info('t')");
  }
};

/// Tables of values that are hard on a format.
class random_values {
public:
  explicit random_values(uint32_t seed) : random_{seed} {
    // nop
  }

  value integer() {
    if (below(5) == 0)
      return null{};
    constexpr int64_t edges[] = {0, -1, INT64_MAX, INT64_MIN, 1'000'000};
    return below(2) == 0 ? edges[below(5)] : static_cast<int64_t>(below(1000));
  }

  value real() {
    if (below(5) == 0)
      return null{};
    constexpr double edges[] = {0.5, -1e300, 5e-324, 1.0 / 3, HUGE_VAL};
    return below(2) == 0 ? edges[below(5)]
                         : static_cast<double>(below(1'000'000)) / 7;
  }

  value text() {
    if (below(6) == 0)
      return null{};
    constexpr const char* pieces[]
      = {"a",        "\"",   ",",     "\n",
         "\r\n",     "\r",   "''",    "12",
         "\xC3\xA4", "NULL", "x'00'", " ",
         "{}",       "\\",   "\t",    "\xF0\x9F\x98\x80"};
    std::string result;
    for (auto count = below(5); count > 0; --count)
      result += pieces[below(16)];
    if (below(50) == 0)
      result += std::string(300'000, below(2) == 0 ? '"' : '\n');
    if (below(20) == 0)
      result += '\0';
    return result;
  }

  value bytes() {
    if (below(5) == 0)
      return null{};
    blob result(below(6));
    for (auto& x : result)
      x = static_cast<std::byte>(below(256));
    return result;
  }

private:
  uint32_t below(uint32_t limit) {
    return random_() % limit;
  }

  std::mt19937 random_;
};

} // namespace

// -- formats --------------------------------------------------------------------

TEST_CASE_METHOD(import_fixture, "import reads CSV into a new table") {
  write_source("rows.csv", "id,name,\"a price\",raw,note\r\n"
                           "1,tea,4.5,x'00ff',\r\n"
                           "2,\"a \"\"quoted\"\"\r\nname\",3,x'',\"\"\n"
                           "-3,,2e1,,plain");
  auto result = import({"--create"});
  CHECK(result.err == "");
  CHECK(result.status == 0);
  CHECK(has(result.out, "3 rows into t, which is new"));
  CHECK(types() == "id:INTEGER name:TEXT a price:REAL raw:BLOB note:TEXT\n");
  CHECK(rows("SELECT quote(id), quote(\"a price\"), quote(raw), quote(note) "
             "FROM t")
        == "1,4.5,X'00FF',NULL\n2,3.0,X'',''\n-3,20.0,NULL,'plain'\n");
  CHECK(rows("SELECT hex(name) FROM t WHERE id = 2")
        == "61202271756F746564220D0A6E616D65\n");
}

TEST_CASE_METHOD(import_fixture, "import infers types from all lines") {
  write_source("rows.csv", "a,b,c,d,e,f\n"
                           "1,1,1,007,9007199254740993,x'00'\n"
                           "2,2.5,x,1,0.5,1\n");
  CHECK(import({"--create", "--types", "d:integer"}).status == 0);
  CHECK(types() == "a:INTEGER b:REAL c:TEXT d:INTEGER e: f:\n");
  CHECK(rows("SELECT quote(d), quote(e), quote(f) FROM t")
        == "7,9007199254740993,X'00'\n1,0.5,1\n");
}

TEST_CASE_METHOD(import_fixture, "import reads JSON lines") {
  write_source(
    "rows.jsonl",
    "{\"a\": 1, \"b\": \"12\", \"c\": {\"blob_hex\": \"00ff\"}}\n"
    "\n"
    "{\"b\": \"\\u00e4\", \"d\": [1, {\"x\": null}], \"a\": true}\r\n"
    "{\"e\": \"Infinity\", \"b\": null}");
  auto result = import({"--create", "--types", "e:real"});
  CHECK(result.err == "");
  CHECK(types() == "a:INTEGER b:TEXT c:BLOB d:TEXT e:REAL\n");
  CHECK(rows("SELECT quote(a), quote(b), quote(c), quote(d), e FROM t")
        == "1,'12',X'00FF',NULL,\n"
           "1,'\xC3\xA4',NULL,\"'[1,{\"\"x\"\":null}]'\",\n"
           "NULL,NULL,NULL,NULL,9e999\n");
}

TEST_CASE_METHOD(import_fixture, "import leaves absent members to defaults") {
  exec("CREATE TABLE t(id INTEGER PRIMARY KEY, a DEFAULT 'none', b)");
  write_source("rows.jsonl", "{\"b\": 1}\n{}\n{\"c\": null, \"b\": 2}\n"
                             "{\"A\": null, \"b\": 3}\n");
  auto result = import();
  CHECK(result.status == 1);
  CHECK(rejects()
        == "3: the table has no column 'c' <{\"c\": null, \"b\": 2}>\n");
  CHECK(rows("SELECT id, quote(a), quote(b) FROM t")
        == "1,'none',1\n2,'none',NULL\n3,NULL,3\n");
}

TEST_CASE_METHOD(import_fixture, "import matches columns by name") {
  exec("CREATE TABLE t(a INTEGER, b TEXT, c AS (a + 1), d DEFAULT 9)");
  write_source("rows.csv", "\xEF\xBB\xBF"
                           "B,A\nx,1\n\ny,+02\n\n");
  CHECK(import().status == 0);
  CHECK(rows("SELECT a, b, c, d FROM t") == "1,x,2,9\n2,y,3,9\n");
  write_source("other.csv", "a,c\n1,2\n");
  auto result = import();
  CHECK(result.status == 2);
  CHECK(has(result.err, "the table has no column 'c'"));
}

TEST_CASE_METHOD(import_fixture, "what query prints can be imported") {
  auto seed = std::random_device{}();
  CAPTURE(seed);
  random_values values{seed};
  exec("CREATE TABLE s(i INTEGER, r REAL, t TEXT, b BLOB)");
  {
    config cfg;
    caf::actor_system sys{cfg};
    options opts;
    opts.path = file;
    auto db = scoped_database::open(sys, opts);
    REQUIRE(db);
    for (auto i = 0; i < 400; ++i)
      REQUIRE((*db)->write("INSERT INTO s VALUES(?, ?, ?, ?)", values.integer(),
                           values.real(), values.text(), values.bytes()));
  }
  auto printed = [this](const std::string& table, const std::string& format) {
    return run({"query", file, "SELECT * FROM " + table, format}).out;
  };
  auto all = printed("s", "--format=jsonl");
  exec("CREATE TABLE t(i INTEGER, r REAL, t TEXT, b BLOB)");
  write_source("rows.csv", printed("s", "--format=csv"));
  CHECK(import().err == "");
  CHECK((printed("t", "--format=jsonl") == all));
  exec("DROP TABLE t");
  write_source("rows.jsonl", all);
  CHECK(import({"--create", "--types=i:integer,r:real,t:text,b:blob"}).err
        == "");
  CHECK((printed("t", "--format=jsonl") == all));
}

TEST_CASE_METHOD(import_fixture, "all that JSON lines print comes back") {
  exec("CREATE TABLE s(a)");
  exec("INSERT INTO s VALUES(NULL), (1), (1.0), (-0.0), (9e999), (-9e999), "
       "('Infinity'), ('9.0e+999'), ('tea'), (''), (x''), (x'00ff'), "
       "(CAST(x'ff00fe' AS TEXT)), (CAST(x'e4' AS TEXT)), "
       "(-9223372036854775808), (9223372036854775807), (5e-324), "
       "('{\"blob_hex\":\"00\"}')");
  auto printed
    = run({"query", file, "SELECT a, 'x' AS b FROM s", "--json"}).out;
  CHECK(has(printed, "{\"a\":-9.0e+999,\"b\":\"x\"}\n"));
  write_source("rows.jsonl", printed);
  auto result = import({"--create"});
  CHECK(result.err == "");
  CHECK(types() == "a: b:TEXT\n");
  auto content = [this](const std::string& table) {
    return rows("SELECT typeof(a), hex(a), quote(a) FROM " + table
                + " ORDER BY rowid");
  };
  CHECK(content("t") == content("s"));
  exec("CREATE TABLE n(a INTEGER, b)");
  auto refused = run({"import", file, "n", source, "--max-rejects=20"});
  CHECK(has(refused.err, "line 5: a: '9e999' is not an integer"));
  CHECK(has(refused.err, "line 13: a: a text is not a number"));
}

TEST_CASE_METHOD(import_fixture, "import finds infinite numbers in any line") {
  exec("CREATE TABLE t(a, b)");
  write_source("rows.jsonl", "{\"b\" :\t9.0e+999 , \"a\": \"{:1e999\\\\\"}\n"
                             "{\"a\":-1e400,\"b\":1E999}\n"
                             "{\"a\":[1e999]}\n"
                             "{\"a\":1e999x}\n"
                             "{\"a\":1e999\n");
  CHECK(import().status == 1);
  CHECK(rows("SELECT a, b FROM t") == "{:1e999\\,9e999\n-9e999,9e999\n");
  auto found = rejects();
  for (auto line : {"3: ", "4: ", "5: "})
    CHECK(has(found, line + std::string{"it is not JSON in UTF-8"}));
}

TEST_CASE_METHOD(import_fixture, "import rejects an object with a column "
                                 "twice") {
  exec("CREATE TABLE t(a, b)");
  write_source("rows.jsonl", "{\"a\":1,\"b\":2}\n"
                             "{\"a\":1,\"a\":2}\n"
                             "{\"A\":3,\"B\":4}\n"
                             "{\"b\":1,\"B\":2}\n"
                             "{\"b\":{\"a\":1,\"A\":2}}\n");
  CHECK(import().status == 1);
  CHECK(rows("SELECT a, b FROM t")
        == "1,2\n3,4\n,\"{\"\"a\"\":1,\"\"A\"\":2}\"\n");
  CHECK(rejects()
        == "2: it has the column 'a' twice <{\"a\":1,\"a\":2}>\n"
           "4: it has the column 'B' twice <{\"b\":1,\"B\":2}>\n");
  write_source("other.jsonl", "{\"x\":1}\n{\"X\":2}\n");
  CHECK(run({"import", file, "u", source, "--create"}).status == 0);
  CHECK(rows("SELECT x FROM u") == "1\n2\n");
}

TEST_CASE_METHOD(import_fixture, "import reads a single column with NULL") {
  exec("CREATE TABLE t(a)");
  write_source("rows.csv", "a\n1\n\n\"\"\n");
  CHECK(import().status == 0);
  CHECK(rows("SELECT quote(a) FROM t") == "1\nNULL\n''\n");
}

// -- rejects ----------------------------------------------------------------------

TEST_CASE_METHOD(import_fixture, "import rejects broken lines alone") {
  exec("CREATE TABLE t(a INTEGER, b TEXT)");
  write_source("rows.csv", "a,b\n"
                           "1,one\n"
                           "2\n"
                           "x,two\n"
                           "\n"
                           "3,a \"quote\"\n"
                           "4,\"no end\n"
                           "5,\"end\"x\n"
                           "6,\"two\nlines\",y\n"
                           "7,\xFF\n"
                           "8,eight\n"
                           "9,\"open");
  auto result = import();
  CHECK(result.status == 1);
  CHECK(rows("SELECT a, b FROM t") == "1,one\n8,eight\n");
  CHECK(rejects()
        == "3: 1 fields instead of 2 <2>\n"
           "4: a: 'x' is not an integer <x,two>\n"
           "6: a quote in a field that does not begin with one <3,a "
           "\"quote\">\n"
           "7: text behind a closing quote <4,\"no end>\n"
           "8: text behind a closing quote <5,\"end\"x>\n"
           "9: 3 fields instead of 2 <6,\"two\nlines\",y>\n"
           "11: b: a text that is not UTF-8 <{\"text_hex\":\"372cff\"}>\n"
           "13: a quote that is never closed <9,\"open>\n");
  CHECK(has(result.err, "line 4: a: 'x' is not an integer\n"));
  CHECK(has(result.out, "2 rows into t"));
  CHECK(has(result.out, "8 lines rejected: " + source + ".rejects\n"));
}

TEST_CASE_METHOD(import_fixture, "import rejects lines that are no objects") {
  exec("CREATE TABLE t(a INTEGER)");
  std::string deep(500, '[');
  write_source("rows.jsonl", "{\"a\": 1}\n[1]\n{\"a\": \n{\"a\": 1.5}\n"
                             "{\"a\": {\"blob_hex\": \"00\"}}\n{\"a\": "
                               + deep + std::string(500, ']') + "}\n");
  CHECK(import().status == 1);
  CHECK(rows("SELECT count(*) FROM t") == "1\n");
  auto found = rejects();
  CHECK(has(found, "2: it is no JSON object <[1]>\n"));
  CHECK(has(found, "3: it is not JSON in UTF-8 <{\"a\": >\n"));
  CHECK(has(found, "4: a: '1.5' is not an integer"));
  CHECK(has(found, "5: a: a blob is not a number"));
  CHECK(has(found, "6: values within values, too deep"));
}

TEST_CASE_METHOD(import_fixture,
                 "import rejects rows that constraints refuse") {
  exec("CREATE TABLE u(id INTEGER PRIMARY KEY)");
  exec("INSERT INTO u VALUES(1)");
  exec("CREATE TABLE t(id INTEGER UNIQUE, n CHECK(n <> 'bad'), u REFERENCES "
       "u(id) DEFERRABLE INITIALLY DEFERRED)");
  std::string text = "id,n,u\n";
  auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random{seed};
  std::string expected;
  int64_t good = 0;
  for (auto i = 1; i <= 2'000; ++i) {
    // The first is the one that others are copies of.
    auto kind = i == 1 ? 99 : random() % 100;
    auto line = std::to_string(i + 1);
    if (kind == 0) {
      text += "1,copy,1\n";
      expected
        += line
           + ": UNIQUE constraint failed: t.id; there is a row with this key "
             "already <1,copy,1>\n";
    } else if (kind == 1) {
      text += std::to_string(i) + ",bad,1\n";
      expected += line + ": CHECK constraint failed: n <> 'bad' <"
                  + std::to_string(i) + ",bad,1>\n";
    } else if (kind == 2) {
      text += std::to_string(i) + ",far,2\n";
      expected
        += line
           + ": the request would leave a foreign key without its parent: it "
             "fails here and not at the commit, where it would take "
             "other requests with it <"
           + std::to_string(i) + ",far,2>\n";
    } else {
      text += std::to_string(i) + ",ok,1\n";
      ++good;
    }
  }
  write_source("rows.csv", text);
  auto result = import();
  INFO(result.err);
  CHECK(rejects() == expected);
  CHECK(rows("SELECT count(*) FROM t") == std::to_string(good) + "\n");
}

TEST_CASE_METHOD(import_fixture, "import rejects rows that are left out") {
  exec("CREATE TABLE t(a UNIQUE ON CONFLICT IGNORE)");
  exec("CREATE TRIGGER no_two BEFORE INSERT ON t WHEN NEW.a = 2 BEGIN SELECT "
       "RAISE(IGNORE); END");
  write_source("rows.csv", "a\n1\n1\n2\n3\n");
  auto result = import();
  CHECK(result.status == 1);
  CHECK(has(result.out, "2 rows into t"));
  CHECK(has(result.out, "2 lines rejected"));
  CHECK(rows("SELECT a FROM t ORDER BY a") == "1\n3\n");
  auto found = rejects();
  CHECK(has(found, "3: "));
  CHECK(has(found, "4: "));
}

TEST_CASE_METHOD(import_fixture, "import goes through triggers of a view") {
  exec("CREATE TABLE u(a)");
  exec("CREATE VIEW t AS SELECT a FROM u");
  exec("CREATE TRIGGER add_one INSTEAD OF INSERT ON t BEGIN INSERT INTO u "
       "VALUES(NEW.a + 1); END");
  write_source("rows.csv", "a\n1\n2\n");
  CHECK(import().status == 0);
  CHECK(rows("SELECT a FROM u ORDER BY a") == "2\n3\n");
}

TEST_CASE_METHOD(import_fixture, "import stops at too many rejects") {
  exec("CREATE TABLE t(a INTEGER)");
  std::string text = "a\n";
  for (auto i = 0; i < 1'000; ++i)
    text += i % 400 == 399 ? "x\n" : std::to_string(i) + "\n";
  write_source("rows.csv", text);
  auto result = import({"--max-rejects", "1"});
  CHECK(result.status == 1);
  CHECK(has(result.err, "more than 1 line would be rejected, among them line "
                        "801: a: 'x' is not an integer; 749 rows"));
  CHECK(rows("SELECT count(*) FROM t") == "749\n");
  // The same command with another limit goes on.
  CHECK(import().status == 1);
  CHECK(rows("SELECT count(*), count(DISTINCT a) FROM t") == "998,998\n");
  CHECK(rejects()
        == "401: a: 'x' is not an integer <x>\n"
           "801: a: 'x' is not an integer <x>\n");
}

TEST_CASE_METHOD(import_fixture, "import spares a rejects file of others") {
  exec("CREATE TABLE t(a INTEGER)");
  write_source("rows.csv", "a\n1\nx\n");
  std::ofstream{source + ".rejects"} << "mine";
  auto result = import();
  CHECK(result.status == 1);
  CHECK(has(result.err, "target_exists"));
  CHECK(content_of(source + ".rejects") == "mine");
  CHECK(import({"--rejects", folder.file("bad")}).status == 1);
  CHECK(has(content_of(folder.file("bad")), "\"line\":3"));
}

TEST_CASE_METHOD(import_fixture, "two imports do not share a rejects file") {
  exec("CREATE TABLE t(a INTEGER)");
  write_source("rows.csv", "a\n1\nx\n");
  auto path = source + ".rejects";
  {
    // Another import, which has found its first line to reject.
    node::rejects_file other{path};
    REQUIRE(other.write(0, "theirs\n"));
    REQUIRE(other.write(7, "too\n"));
    exec("CREATE TABLE u(a INTEGER)");
    REQUIRE(::truncate(path.c_str(), 0) == 0);
    auto result = import();
    CHECK(result.status == 3);
    CHECK(has(result.err, path + " is being written by another import"));
    CHECK(has(result.err, "0 rows of the file are in the table"));
    REQUIRE(other.write(0, "theirs\n"));
    // What it has seen before there were rejects is no permission.
    node::rejects_file late{path};
    CHECK(code_of(late.write(0, "mine\n").error()) == ec::busy);
  }
  node::rejects_file late{path};
  CHECK(code_of(late.write(0, "mine\n").error()) == ec::target_exists);
  CHECK(content_of(path) == "theirs\n");
  CHECK(import({"--rejects", folder.file("mine")}).status == 1);
  CHECK(rows("SELECT a FROM t") == "1\n");
  CHECK(has(content_of(folder.file("mine")), "\"line\":3"));
}

TEST_CASE_METHOD(import_fixture, "a rejects file that is deleted comes back") {
  auto path = folder.file("rejects");
  node::rejects_file rejects{path};
  REQUIRE(rejects.write(0, "one\n"));
  REQUIRE(::unlink(path.c_str()) == 0);
  CHECK(rejects.write(4, "two\n") == uint64_t{4});
  CHECK(content_of(path) == "two\n");
}

// -- what is wrong from the beginning -----------------------------------------------

TEST_CASE_METHOD(import_fixture, "import says what it cannot begin with") {
  exec("CREATE TABLE other(a)");
  auto refusal = [this](const std::string& name, const std::string& text,
                        std::vector<std::string> more = {}) {
    write_source(name, text);
    auto result = import(more);
    CHECK(result.status == 2);
    return result.err;
  };
  CHECK(has(refusal("a.csv", "a\n1\n"), "no table t; --create creates it"));
  CHECK(has(refusal("a.txt", "a\n1\n"), "say which it is, with --format"));
  CHECK(has(refusal("b.csv", "", {"--create"}), "the file is empty"));
  CHECK(has(refusal("c.csv", "a,a\n1,2\n", {"--create"}), "is there twice"));
  CHECK(has(refusal("C.csv", "a,A\n1,2\n", {"--create"}), "is there twice"));
  CHECK(has(refusal("r.csv", "a,b\r1,2\r", {"--create"}), "LF or CR LF"));
  CHECK(has(refusal("d.csv", "a,\n1,2\n", {"--create"}), "without a name"));
  CHECK(
    has(refusal("e.jsonl", "{}\n", {"--create"}), "a table needs a column"));
  CHECK(has(refusal("f.csv", "a\n1\n", {"--create", "--types=b:text"}),
            "no column 'b'"));
  CHECK(has(refusal("g.csv", "a\n1\n", {"--create", "--types=a:date"}),
            "'a:date' is not NAME:TYPE"));
  source = folder.path();
  CHECK(has(import({"--format=csv"}).err, "is no regular file"));
  write_source("h.csv", "a\n1\n");
  CHECK(import({"--create", "--again"}).status == 0);
  auto own = run({"import", file, "import_progress", source});
  CHECK(own.status == 2);
  CHECK(has(own.err, "is for the progress of imports"));
  exec("DROP TABLE t");
  CHECK(rows("SELECT count(*) FROM sqlite_schema WHERE name = 't'") == "0\n");
}

TEST_CASE_METHOD(import_fixture, "an import that cannot begin creates no "
                                 "file") {
  auto refusal = [this](const std::string& table, const std::string& text,
                        std::vector<std::string> more = {}) {
    write_source("rows.jsonl", text);
    std::vector<std::string> words{"import", file, table, source, "--create"};
    words.insert(words.end(), more.begin(), more.end());
    auto result = run(words);
    CHECK(result.status != 0);
    CHECK(names() == "rows.jsonl");
    return result.err;
  };
  auto good = "{\"a\":1}\n";
  CHECK(has(refusal("t", ""), "no record has a value"));
  CHECK(has(refusal("t", good, {"--types=b:text"}), "no column 'b'"));
  CHECK(has(refusal("sqlite_x", good), "reserved for internal use"));
  CHECK(has(refusal("Onewriter_x", good), "is taken by onewriter itself"));
  CHECK(has(refusal("import_progress", good), "is taken by onewriter itself"));
  CHECK(has(refusal("t", "{\"a\":1}\n{\"a\":\n", {"--max-rejects=0"}),
            "more than 0 lines would be rejected, among them line 2: "));
  std::ofstream{source + ".rejects"} << "mine";
  CHECK(has(import({"--create"}).err, "target_exists"));
  CHECK(names() == "rows.jsonl rows.jsonl.rejects");
  source = folder.file("missing.csv");
  CHECK(import({"--create"}).status == 1);
  CHECK(names() == "rows.jsonl rows.jsonl.rejects");
}

TEST_CASE_METHOD(import_fixture, "import creates a table in the owner's file") {
  options opts;
  opts.path = file;
  peer owner{opts};
  REQUIRE(owner.problem() == "none");
  write_source("rows.csv", "a,b\n1,x\n");
  auto result = import({"--create"});
  CHECK(result.err == "");
  CHECK(has(result.out, "1 row into t, which is new"));
  CHECK(rows("SELECT * FROM t") == "1,x\n");
  CHECK(owner.leave() == "left");
}

TEST_CASE_METHOD(import_fixture, "import is stopped while it infers types") {
  exec("CREATE TABLE other(a)");
  write_source("rows.csv", "a\n1\n2\n3\n");
  member me{[this] {
    options opts;
    opts.path = file;
    return opts;
  }()};
  node::import_request what;
  what.table = "t";
  what.source = source;
  what.create = true;
  auto records = 0;
  what.stopped = [&records] {
    return ++records == 2;
  };
  auto report = node::run_import(me.sys(), me.db(), what);
  REQUIRE_FALSE(report);
  CHECK(code_of(report.error()) == ec::cancelled);
  me.close();
  CHECK(rows("SELECT count(*) FROM sqlite_schema WHERE name = 't'") == "0\n");
}

TEST_CASE_METHOD(import_fixture, "import prints one JSON object on demand") {
  write_source("rows.csv", "a\n1\n2\n");
  auto x = json::parse(import({"--create", "--json"}).out);
  CHECK(x["rows"] == 2);
  CHECK(x["created"] == true);
  CHECK(x["rejects_file"].is_null());
  CHECK(x["next_line"] == 4);
}
