#include "actors/sqlite/base/sql_text.hpp"

#include "tests/catch.hpp"

#include <string>

using namespace onewriter::sqlite;

TEST_CASE("white space, comments and semicolons are blank") {
  for (auto sql : {"", " ", "\t\r\n\f", ";", " ; ; ", "-- a", "-- a\n", "--",
                   "/* a */", "/**/", "/* a", "/* ; */ ; -- ;", "/***/"}) {
    INFO(sql);
    CHECK(is_blank(sql));
  }
  for (auto sql : {"a", "-", "/", "-- a\nb", "/* a */ b", "; SELECT 1", "'",
                   "/*/ a */ b", "- -", "\v", "\xef\xbb\xbf"}) {
    INFO(sql);
    CHECK_FALSE(is_blank(sql));
  }
}

TEST_CASE("a comment is open until its end") {
  for (auto sql :
       {"/*", "/*/", "a /* b", "/* a */ /* b", "/* -- */ /*", "'*/' /*"}) {
    INFO(sql);
    CHECK(has_open_comment(sql));
  }
  for (auto sql : {"", "/**/", "/* a */", "-- /*", "-- /*\n", "'/*'", "\"/*",
                   "/* a */ b", "[/*]", "/ *"}) {
    INFO(sql);
    CHECK_FALSE(has_open_comment(sql));
  }
}

TEST_CASE("the first word is behind what is blank") {
  CHECK(first_word("VACUUM") == "VACUUM");
  CHECK(first_word("vacuum;") == "vacuum");
  CHECK(first_word(" /* a */ ; -- b\n\tDrop TABLE t") == "Drop");
  CHECK(first_word("CREATE/**/TABLE") == "CREATE");
  CHECK(first_word("") == "");
  CHECK(first_word("(SELECT)") == "");
  CHECK(first_word("\xef\xbb\xbfVACUUM") == "");
}

TEST_CASE("parameters without a name are counted where SQLite sees them") {
  CHECK(count_nameless_parameters("?") == 1);
  CHECK(count_nameless_parameters("?, ?,?") == 3);
  CHECK(count_nameless_parameters("?1, ?2") == 0);
  CHECK(count_nameless_parameters("?1, ?, :a, @b, $c") == 1);
  CHECK(count_nameless_parameters("'?', \"?\", `?`, [?], ?") == 1);
  CHECK(count_nameless_parameters("'it''s ?', ?") == 1);
  CHECK(count_nameless_parameters("-- ?\n?") == 1);
  CHECK(count_nameless_parameters("/* ? */ ? /* ?") == 1);
  CHECK(count_nameless_parameters("'?") == 0);
  CHECK(count_nameless_parameters("x - ? / ?") == 2);
}

TEST_CASE("tokens are taken as SQLite sees them") {
  auto tokens = [](std::string_view sql) {
    std::string result;
    for (auto word = take_token(sql); !word.empty(); word = take_token(sql))
      result += "<" + std::string{word} + ">";
    return result;
  };
  CHECK(tokens("") == "");
  CHECK(tokens(" /* a */ ; -- b") == "");
  CHECK(tokens("DELETE/**/FROM main.t1;") == "<DELETE><FROM><main><.><t1>");
  CHECK(tokens("\"a b\"[c.d]`e` 'f'") == "<\"a b\"><[c.d]><`e`><'f'>");
  CHECK(tokens("x$1<>?2-:y") == "<x$1><<><>><?><2><-><:><y>");
  CHECK(tokens("'never ends") == "<'never ends>");
  CHECK(tokens("\xc3\xa4 b") == "<\xc3\xa4><b>");
}

TEST_CASE("statements are taken when they are complete") {
  auto statements = [](std::string sql) {
    std::string result;
    for (auto x = take_statement(sql); !x.empty(); x = take_statement(sql))
      result += "<" + x + ">";
    return result + sql;
  };
  CHECK(statements("") == "");
  CHECK(statements("SELECT 1") == "SELECT 1");
  CHECK(statements("SELECT 1; SELECT 2;\nSELECT") //
        == "<SELECT 1;>< SELECT 2;>\nSELECT");
  CHECK(statements("SELECT ';' /* ; */ -- ;\n;") //
        == "<SELECT ';' /* ; */ -- ;\n;>");
  CHECK(statements("SELECT 'a;") == "SELECT 'a;");
  CHECK(statements("CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 1; END; x")
        == "<CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 1; END;> x");
}
