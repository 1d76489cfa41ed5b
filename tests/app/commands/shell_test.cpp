// The shell as it reads from a file.
#include "tests/app/commands/command_fixture.hpp"

#include "app/commands/shell/history_file.hpp"
#include "tests/sharing/peer.hpp"

#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace onewriter;
using namespace onewriter::test;
using onewriter::node::history_file;
using onewriter::node::history_path;

namespace {

/// Puts a file in the place of standard input for as long as it lives.
class standard_input {
public:
  explicit standard_input(const std::string& path) : saved_{::dup(0)} {
    auto file = ::open(path.c_str(), O_RDONLY);
    ::dup2(file, 0);
    ::close(file);
  }

  standard_input(const standard_input&) = delete;

  standard_input& operator=(const standard_input&) = delete;

  ~standard_input() {
    ::dup2(saved_, 0);
    ::close(saved_);
  }

private:
  int saved_;
};

class shell_fixture : public command_fixture {
public:
  command_outcome shell(const std::string& input,
                        std::vector<std::string> more = {}) {
    auto path = folder.file("input.sql");
    std::ofstream{path, std::ios::binary} << input;
    standard_input in{path};
    std::vector<std::string> words{"shell", file};
    words.insert(words.end(), more.begin(), more.end());
    auto result = run(words);
    result.out = without_returns(result.out);
    return result;
  }
};

} // namespace

TEST_CASE_METHOD(shell_fixture, "a shell runs statements of a file") {
  auto result = shell("CREATE TABLE t(a, b);\n"
                      "INSERT INTO t VALUES(1, 'one;'), -- a comment;\n"
                      "  (2, 'two\n"
                      "lines'); SELECT a FROM t; ;\n"
                      "INSERT INTO t(a) VALUES(3) RETURNING a;\n"
                      "/* a comment;\n"
                      " over lines */\n"
                      "SELECT count(*) AS n FROM t",
                      {"--create"});
  CHECK(result.err == "");
  CHECK(result.status == 0);
  CHECK(result.out == "a\n1\n2\na\n3\nn\n3\n");
}

TEST_CASE_METHOD(shell_fixture, "a shell takes triggers as a whole") {
  auto result = shell("CREATE TABLE t(a);\nCREATE TABLE u(a);\n"
                      "CREATE TRIGGER x AFTER INSERT ON t BEGIN\n"
                      "  INSERT INTO u VALUES(new.a);\n"
                      "END;\n"
                      "INSERT INTO t VALUES(5);\nSELECT * FROM u;\n",
                      {"--create", "--no-header"});
  CHECK(result.err == "");
  CHECK(result.out == "5\n");
}

TEST_CASE_METHOD(shell_fixture, "a shell stops at the first error of a file") {
  exec("CREATE TABLE t(a UNIQUE)");
  auto result = shell("INSERT INTO t VALUES(1);\n"
                      "\n"
                      "INSERT INTO t\n"
                      "VALUES(1);\n"
                      "INSERT INTO t VALUES(2);\n");
  CHECK(result.status == 1);
  CHECK(has(result.err, "onewriter: line 3: constraint_violated"));
  CHECK(rows("SELECT count(*) FROM t") == "1\n");
  CHECK(has(shell("BEGIN;").err, "not_allowed"));
  CHECK(has(shell("SELECT 1 FROM nowhere;").err, "invalid_sql"));
}

TEST_CASE_METHOD(shell_fixture, "input that ends midway is an error") {
  exec("CREATE TABLE t(a)");
  auto result = shell("INSERT INTO t VALUES(1);\n"
                      "-- a comment /*\n"
                      "\n"
                      "INSERT INTO t\n"
                      "  VALUES('two");
  CHECK(result.status == 1);
  CHECK(has(result.err, "onewriter: line 4: invalid_sql: unrecognized token"));
  result = shell("SELECT a FROM t;\nSELECT (\n\n");
  CHECK(result.status == 1);
  CHECK(has(result.err, "onewriter: line 2: invalid_sql: incomplete input"));
  result
    = shell("SELECT a FROM t;\n\nINSERT INTO t VALUES(2) /* never\nends;\n");
  CHECK(result.status == 1);
  CHECK(result.err == "onewriter: line 3: the input ends within a comment\n");
  CHECK(has(shell("/* only").err, "line 1: the input ends within a comment"));
  CHECK(has(shell("CREATE TRIGGER x AFTER INSERT ON t BEGIN\nSELECT 1;\n").err,
            "line 1: invalid_sql: incomplete input"));
  CHECK(rows("SELECT a FROM t") == "1\n");
  CHECK(shell("SELECT 1; -- '/*\n").status == 0);
}

TEST_CASE_METHOD(shell_fixture, "input that cannot be read is an error") {
  exec("CREATE TABLE t(a)");
  standard_input in{folder.path()};
  auto result = run({"shell", file});
  CHECK(result.status == 1);
  CHECK(result.err == "onewriter: line 1: standard input: Is a directory\n");
}

TEST_CASE_METHOD(shell_fixture, "a shell has commands") {
  exec("CREATE TABLE tea(a INTEGER)");
  exec("CREATE TABLE milk(\n  b\n)");
  exec("CREATE INDEX tea_a ON tea(a)");
  exec("INSERT INTO tea VALUES(1)");
  CHECK(shell(".tables\n").out == "milk\ntea\n");
  CHECK(shell(".tables t%").out == "tea\n");
  CHECK(shell(".schema tea\n").out
        == "CREATE TABLE tea(a INTEGER);\nCREATE INDEX tea_a ON tea(a);\n");
  CHECK(shell(".schema milk\n").out == "CREATE TABLE milk(\n  b\n);\n");
  CHECK(shell(".mode jsonl\nSELECT * FROM tea;\n.mode csv\n.header off\n"
              "SELECT * FROM tea;\n")
          .out
        == "{\"a\":1}\n1\n");
  CHECK(shell("SELECT * FROM tea;\n", {"--json"}).out == "{\"a\":1}\n");
  CHECK(has(shell(".timer on\nSELECT 1;\n").err, " ms\n"));
  CHECK(has(shell(".help\n").out, ".schema [PATTERN]"));
  CHECK(shell(".quit\nSELECT 1;\n").out == "");
  for (auto wrong :
       {".no", ".mode xml", ".timer", ".header maybe", ".quit 1 2"})
    CHECK(shell(wrong).status == 1);
}

TEST_CASE_METHOD(shell_fixture, "a shell joins the owner of a file") {
  options opts;
  opts.path = file;
  peer owner{opts};
  REQUIRE(owner.write("CREATE TABLE t(a)") == "ok");
  auto result = shell("INSERT INTO t VALUES(1);\nSELECT a FROM t;\n");
  CHECK(result.err == "");
  CHECK(result.out == "a\n1\n");
  CHECK(owner.leave() == "left");
}

TEST_CASE_METHOD(shell_fixture,
                 "the history of a shell is for its user alone") {
  auto path = folder.file("state/onewriter/history");
  history_file history{path};
  CHECK(history.load().empty());
  history.append("SELECT 1;");
  history.append("SELECT 2;");
  CHECK(history.load() == std::vector<std::string>{"SELECT 1;", "SELECT 2;"});
  struct stat found {};
  REQUIRE(::stat(path.c_str(), &found) == 0);
  CHECK((found.st_mode & 0777) == 0600);
  REQUIRE(::stat(folder.file("state").c_str(), &found) == 0);
  CHECK((found.st_mode & 0777) == 0700);
  for (auto i = 0; i < 2'500; ++i)
    history.append(std::to_string(i));
  auto lines = history.load();
  CHECK(lines.size() == 1'000);
  CHECK(lines.back() == "2499");
  // What is too old is gone from the file.
  auto text = content_of(path);
  CHECK(std::count(text.begin(), text.end(), '\n') == 1'000);
  // Nothing happens where it cannot be written.
  history_file nowhere{""};
  nowhere.append("x");
  CHECK(nowhere.load().empty());
}

TEST_CASE("the history is where XDG says") {
  auto with = [](const char* state, const char* home) {
    ::setenv("XDG_STATE_HOME", state, 1);
    ::setenv("HOME", home, 1);
    return history_path();
  };
  auto old_home = std::string{::getenv("HOME") ? ::getenv("HOME") : ""};
  CHECK(with("/s", "/h") == "/s/onewriter/history");
  CHECK(with("relative", "/h") == "/h/.local/state/onewriter/history");
  CHECK(with("", "") == "");
  ::unsetenv("XDG_STATE_HOME");
  ::setenv("HOME", old_home.c_str(), 1);
}
