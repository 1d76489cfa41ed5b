// Each command, run in this process.
#include "tests/app/commands/command_fixture.hpp"

#include "app/commands/output/json_text.hpp"
#include "app/core/node_config.hpp"
#include "onewriter/client.hpp"
#include "tests/oracle/raw_database.hpp"
#include "tests/temp_folder.hpp"

#include <filesystem>
#include <fstream>
#include <streambuf>

#include <unistd.h>

using namespace onewriter;
using namespace onewriter::test;
using onewriter::node::json;

namespace fs = std::filesystem;

namespace {

/// Counts what it is given, and calls a function with the first piece.
class counting_buffer : public std::streambuf {
public:
  explicit counting_buffer(std::function<bool()> first)
    : first_{std::move(first)} {
    // nop
  }

  size_t bytes = 0;
  size_t pieces = 0;

protected:
  std::streamsize xsputn(const char*, std::streamsize size) override {
    bytes += static_cast<size_t>(size);
    return ++pieces == 1 && !first_() ? 0 : size;
  }

  int overflow(int c) override {
    ++bytes;
    return c;
  }

private:
  std::function<bool()> first_;
};

constexpr const char* many_rows
  = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
    "50000) SELECT i FROM n";

} // namespace

// -- exec -------------------------------------------------------------------------

TEST_CASE_METHOD(command_fixture, "exec says what it has changed") {
  auto created = run({"exec", "--create", file, "CREATE TABLE t(a, b)"});
  CHECK(created.err == "");
  CHECK(created.status == 0);
  CHECK(has(created.out, "0 rows changed, commit "));
  auto inserted
    = run({"exec", file, "INSERT INTO t VALUES(?, ?), (-5, 3)", "-5", "x"});
  CHECK(inserted.status == 0);
  CHECK(has(inserted.out, "2 rows changed, last rowid 2, commit "));
  CHECK(rows("SELECT * FROM t") == "-5,x\n-5,3\n");
}

TEST_CASE_METHOD(command_fixture, "exec binds each kind of value") {
  exec("CREATE TABLE t(a)");
  for (auto word : {"1", "1.0", "NULL", "x'00ff'", "one", "007"})
    REQUIRE(run({"exec", file, "INSERT INTO t VALUES(?)", word}).status == 0);
  REQUIRE(run({"exec", file, "INSERT INTO t VALUES(:a)", ":a=2"}).status == 0);
  REQUIRE(run({"exec", file, "INSERT INTO t VALUES(?)", "--text", "3"}).status
          == 0);
  REQUIRE(run({"exec", file, "INSERT INTO t VALUES(?)", "--", "--x"}).status
          == 0);
  REQUIRE(run({"exec", file, "INSERT INTO t VALUES(?)", "[1,2]"}).status == 0);
  REQUIRE(run({"exec", file, "INSERT INTO t VALUES(?)", "{}"}).status == 0);
  REQUIRE(run({"exec", file, "INSERT INTO t VALUES(?)", "demo"}).status == 0);
  REQUIRE(run({"exec", file, "INSERT INTO t VALUES(?)", ""}).status == 0);
  CHECK(
    rows("SELECT quote(a) FROM t")
    == "1\n1.0\nNULL\nX'00FF'\n'one'\n'007'\n2\n'3'\n'--x'\n\"'[1,2]'\"\n'{}'"
       "\n'demo'\n"
       "''\n");
}

TEST_CASE_METHOD(command_fixture, "exec prints RETURNING rows alone") {
  exec("CREATE TABLE t(a INTEGER PRIMARY KEY, b)");
  auto result
    = run({"exec", file, "INSERT INTO t(b) VALUES('x') RETURNING a, b",
           "--format=csv"});
  CHECK(result.out == "a,b\r\n1,x\r\n");
  CHECK(has(result.err, "1 row changed, last rowid 1, commit "));
  auto object = json::parse(
    run({"exec", file, "INSERT INTO t(b) VALUES('y') RETURNING *", "--json"})
      .out);
  CHECK(object["changes"] == 1);
  CHECK(object["last_insert_rowid"] == 2);
  CHECK(object["repeated"] == false);
  CHECK(object["rows"].dump() == R"([{"a":2,"b":"y"}])");
}

TEST_CASE_METHOD(command_fixture, "exec with a key runs once") {
  exec("CREATE TABLE t(a)");
  std::vector<std::string> words{
    "exec",   file,         "INSERT INTO t VALUES(1)",
    "--key",  "k",          "--priority=urgent",
    "--json", "--deadline", "60"};
  auto first = json::parse(run(words).out);
  auto second = json::parse(run(words).out);
  CHECK(first["repeated"] == false);
  CHECK(second["repeated"] == true);
  CHECK(first["commit"] == second["commit"]);
  CHECK(rows("SELECT count(*) FROM t") == "1\n");
}

TEST_CASE_METHOD(command_fixture, "exec tells failures from bad arguments") {
  exec("CREATE TABLE t(a UNIQUE)");
  exec("INSERT INTO t VALUES(1)");
  auto violated = run({"exec", file, "INSERT INTO t VALUES(1)"});
  CHECK(violated.status == 1);
  CHECK(has(violated.err, "onewriter: constraint_violated: "));
  CHECK(violated.out == "");
  CHECK(run({"exec", file, "INSERT INTO nothing VALUES(1)"}).status == 1);
  CHECK(run({"exec", file, "SELECT 1; SELECT 2"}).status == 1);
  CHECK(run({"exec", file, "INSERT INTO t VALUES(:a)", ":a=1", "2"}).status
        == 2);
  CHECK(run({"exec", file, "SELECT 1", "--priority=fast"}).err
        == "--priority: must be urgent, normal or background, not 'fast'");
  CHECK(run({"exec", file}).err == "SQL is required");
  CHECK(run({"exec"}).err == "FILE is required");
  CHECK(run({"exec", file, "SELECT 1", "--onewriter.synchronous=often"}).status
        == 2);
}

// -- files ------------------------------------------------------------------------

TEST_CASE_METHOD(command_fixture, "a mistyped name creates nothing") {
  for (auto& words : std::vector<std::vector<std::string>>{
         {"exec", file, "SELECT 1"},
         {"query", file, "SELECT 1"},
         {"checkpoint", file},
         {"check", file},
         {"backup", file, folder.file("copy.db")},
         {"dead-letters", file, "list"},
         {"status", file}}) {
    CAPTURE(words.front());
    auto result = run(words);
    CHECK(result.status == 1);
    CHECK(has(result.err, "does not exist"));
    CHECK(names() == "");
  }
}

TEST_CASE_METHOD(command_fixture, "commands refuse what is no database") {
  CHECK(has(run({"query", folder.path(), "SELECT 1"}).err, "is a folder"));
  std::ofstream{file} << std::string(5'000, 'x');
  auto result = run({"query", file, "SELECT 1"});
  CHECK(result.status == 1);
  CHECK(has(result.err, "onewriter: not_a_database: "));
  CHECK(content_of(file) == std::string(5'000, 'x'));
  CHECK(names() == "test.db");
}

TEST_CASE_METHOD(command_fixture, "a file that is owned says by which "
                                  "process") {
  exec("CREATE TABLE t(a)");
  config cfg;
  cfg.database.path = file;
  caf::actor_system sys{cfg};
  auto owner = scoped_database::open(sys, cfg.database);
  REQUIRE(owner);
  for (auto& words :
       std::vector<std::vector<std::string>>{{"exec", file, "DELETE FROM t"},
                                             {"query", file, "SELECT 1"},
                                             {"status", file}}) {
    words.push_back("--onewriter.lock-patience=10ms");
    auto result = run(words);
    CHECK(result.status == 3);
    CHECK(has(result.err, "is owned by process " + std::to_string(::getpid())));
    CHECK(result.out == "");
  }
}

TEST_CASE_METHOD(command_fixture, "no command leaves a log or a lock behind") {
  exec("CREATE TABLE t(a)");
  run({"query", file, "SELECT * FROM t"});
  run({"status", file});
  CHECK(names() == "test.db");
}

// -- query ------------------------------------------------------------------------

TEST_CASE_METHOD(command_fixture, "query chooses the format for who reads") {
  exec("CREATE TABLE t(a, b)");
  exec("INSERT INTO t VALUES(1, 'x')");
  auto query = [this](std::vector<std::string> more) {
    std::vector<std::string> words{"query", file, "SELECT a, b FROM t"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words).out;
  };
  CHECK(query({}) == "a,b\r\n1,x\r\n");
  CHECK(query({"--format=table"}) == "a  b\n1  x\n");
  CHECK(query({"--format=table", "--no-header"}) == "1  x\n");
  CHECK(query({"--json"}) == "{\"a\":1,\"b\":\"x\"}\n");
  CHECK(query({"--format", "jsonl"}) == "{\"a\":1,\"b\":\"x\"}\n");
  is_terminal = true;
  CHECK(has(query({}), "a  b"));
  CHECK(query({"--format=csv", "--no-header"}) == "1,x\r\n");
}

TEST_CASE_METHOD(command_fixture, "query prints all pages of a large result") {
  exec("CREATE TABLE t(a)");
  auto result = run({"query", file, many_rows});
  CHECK(result.status == 0);
  std::istringstream lines{without_returns(result.out)};
  std::string line;
  std::getline(lines, line);
  CHECK(line == "i");
  auto next = 1;
  auto in_order = true;
  for (; std::getline(lines, line); ++next)
    in_order = in_order && line == std::to_string(next);
  CHECK(in_order);
  CHECK(next == 50'001);
}

TEST_CASE_METHOD(command_fixture, "query binds parameters and refuses "
                                  "writes") {
  exec("CREATE TABLE t(a)");
  CHECK(run({"query", file, "SELECT ?, ?", "1", "x'00'", "--no-header"}).out
        == "1,x'00'\r\n");
  CHECK(run({"query", file, "SELECT @x", "@x=y", "--no-header"}).out
        == "y\r\n");
  CHECK(has(run({"query", file, "DELETE FROM t"}).err, "not_a_query"));
  CHECK(has(run({"query", file, "SELECT ?"}).err, "invalid_parameters"));
  CHECK(has(run({"query", file, "SELEC"}).err, "invalid_sql"));
  CHECK(run({"query", file, "SELECT 1", "--format=xml"}).err
        == "--format: must be table, csv or jsonl, not 'xml'");
}

TEST_CASE_METHOD(command_fixture, "a reader that goes away ends a query") {
  exec("CREATE TABLE t(a)");
  counting_buffer buffer{[] {
    return false;
  }};
  std::ostream out{&buffer};
  node::interruption stop;
  auto result = run_into(out, stop, {"query", file, many_rows});
  CHECK(result.status == 0);
  CHECK(result.err == "");
  CHECK(buffer.pieces == 1);
}

TEST_CASE_METHOD(command_fixture, "a query that is stopped says so") {
  exec("CREATE TABLE t(a)");
  node::interruption stop;
  counting_buffer buffer{[&] {
    stop.request();
    return true;
  }};
  std::ostream out{&buffer};
  auto result = run_into(out, stop, {"query", file, many_rows});
  CHECK(result.status == 130);
  CHECK(has(result.err, "interrupted"));
  CHECK(buffer.pieces == 1);
  // Closed in order all the same.
  CHECK(names() == "test.db");
}

TEST_CASE_METHOD(command_fixture, "a command that is stopped before it has "
                                  "begun does nothing") {
  exec("CREATE TABLE t(a)");
  node::interruption stop;
  stop.request();
  std::ostringstream out;
  for (auto& words : std::vector<std::vector<std::string>>{
         {"exec", file, "INSERT INTO t VALUES(1)"},
         {"backup", file, folder.file("copy.db")},
         {"check", file}}) {
    auto result = run_into(out, stop, words);
    CHECK(result.status == 130);
    CHECK(has(result.err, "onewriter: interrupted: "));
  }
  CHECK(out.str() == "");
  CHECK(names() == "test.db");
  CHECK(rows("SELECT count(*) FROM t") == "0\n");
}

// -- maintenance --------------------------------------------------------------------

TEST_CASE_METHOD(command_fixture, "checkpoint says how much is in the file") {
  exec("CREATE TABLE t(a)");
  auto result = run({"checkpoint", file, "--truncate"});
  CHECK(result.status == 0);
  CHECK(has(result.out, "pages of the log are in the file"));
  auto object = json::parse(run({"checkpoint", file, "--json"}).out);
  CHECK(object["blocked"] == false);
  CHECK(object["log_pages"] == object["checkpointed_pages"]);
}

TEST_CASE_METHOD(command_fixture, "checkpoint says who keeps it from being "
                                  "completed") {
  exec("CREATE TABLE t(a)");
  raw_database reader{file};
  reader.run("BEGIN; SELECT * FROM t");
  exec("INSERT INTO t VALUES(1)");
  auto result = run({"checkpoint", file, "--onewriter.lock-patience=10ms"});
  CHECK(result.status == 1);
  CHECK(has(result.out, "; readers keep the rest\n"));
  reader.run("COMMIT");
  CHECK(run({"checkpoint", file}).status == 0);
}

TEST_CASE_METHOD(command_fixture, "check lists what is wrong") {
  exec("CREATE TABLE parent(a PRIMARY KEY)");
  exec("CREATE TABLE child(a REFERENCES parent)");
  CHECK(run({"check", file}).out == "no problem found\n");
  raw_database{file}.run("INSERT INTO child VALUES(1)");
  auto result = run({"check", file});
  CHECK(result.status == 1);
  CHECK(result.out
        == "a row of child (rowid 1) refers to a row of parent that does not "
           "exist\n");
  auto quick = run({"check", file, "--quick", "--json"});
  CHECK(quick.status == 1);
  auto object = json::parse(quick.out);
  CHECK(object["ok"] == false);
  CHECK(object["problems"].size() == 1);
  CHECK(run({"check", file, "--onewriter.foreign-keys=off"}).status == 0);
}

TEST_CASE_METHOD(command_fixture, "backup makes a file that is complete by "
                                  "itself") {
  exec("CREATE TABLE t(a)");
  exec("INSERT INTO t VALUES(1)");
  auto copy = folder.file("copy.db");
  auto result = run({"backup", file, copy});
  CHECK(result.err == "");
  CHECK(result.status == 0);
  CHECK(has(result.out, copy + ": "));
  CHECK(names() == "copy.db test.db");
  CHECK(raw_database{copy}.number("SELECT a FROM t") == 1);
  exec("INSERT INTO t VALUES(2)");
  auto again = run({"backup", file, copy});
  CHECK(again.status == 1);
  CHECK(has(again.err, "target_exists"));
  CHECK(raw_database{copy}.number("SELECT count(*) FROM t") == 1);
  auto object
    = json::parse(run({"backup", file, copy, "--overwrite", "--json"}).out);
  CHECK(object["path"] == copy);
  CHECK(object["bytes"] == fs::file_size(copy));
  CHECK(raw_database{copy}.number("SELECT count(*) FROM t") == 2);
}

TEST_CASE_METHOD(command_fixture, "status fits on a screen") {
  exec("CREATE TABLE t(a)");
  auto result = run({"status", file});
  CHECK(result.status == 0);
  std::istringstream lines{result.out};
  auto count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    CAPTURE(line);
    CHECK(line.size() <= 80);
  }
  CHECK(count > 10);
  CHECK(count < 24);
  CHECK(has(result.out, "opened at"));
  auto object = json::parse(run({"status", file, "--json"}).out);
  CHECK(object["state"] == "open");
  CHECK(object["database"]["path"] == file);
  CHECK(object["dead_letters"] == 0);
}

// -- help -------------------------------------------------------------------------

TEST_CASE("the help of each command fits into 80 columns and names the exit "
          "statuses") {
  for (auto what : node::file_commands()) {
    auto text = node::parse_arguments({what->name, "--help"}).text;
    CAPTURE(text);
    CHECK(has(text, std::string{"Usage: onewriter "} + what->name));
    CHECK(has(text, "Exit status: 0 for success, 1 for a failure, 2 for bad "
                    "arguments, 3 where\n"));
    CHECK(has(text, "--json"));
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);)
      CHECK(line.size() <= 80);
  }
}

TEST_CASE("a configuration file that is not named is not read") {
  temp_folder folder;
  for (auto name : {"caf-application.ini", "caf-application.conf"})
    std::ofstream{folder.file(name)} << "this is no configuration";
  auto before = fs::current_path();
  fs::current_path(folder.path());
  node::node_config unasked;
  CHECK(unasked.read({}) == "");
  node::node_config asked;
  CHECK(asked.read({"--config-file=caf-application.ini"}) != "");
  fs::current_path(before);
}
