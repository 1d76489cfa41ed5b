#include "actors/console/text_table.hpp"

#include "tests/catch.hpp"

using namespace onewriter;
using align = text_table::align;

namespace {

std::string rendered(const text_table& x, bool colours = false) {
  std::string result;
  for (auto& line : x.lines())
    result += line.render(colours) + '\n';
  return result;
}

} // namespace

TEST_CASE("texts are aligned to the left and numbers to the right") {
  text_table table{{{"kind", align::left}, {"done"}, {"p99 ms"}}, 1};
  table.add({"connect", "1,234", "1.23"});
  table.add({"list", "5", "12.00"});
  CHECK(rendered(table)
        == " kind      done  p99 ms\n"
           " connect  1,234    1.23\n"
           " list         5   12.00\n");
}

TEST_CASE("a table without titles has no line for them") {
  text_table table{{{"", align::left}, {"", align::left}}};
  table.add({"ok", "a"});
  table.add({"FAILED", "b"});
  CHECK(rendered(table)
        == "ok      a\n"
           "FAILED  b\n");
}

TEST_CASE("cells may be missing, and no line ends with a space") {
  text_table table{{{"a", align::left}, {"b"}, {"c"}}};
  table.add({"x"});
  table.add({"", "", "1"});
  CHECK(rendered(table)
        == "a  b  c\n"
           "x\n"
           "      1\n");
}

TEST_CASE("columns have the least width that they are given") {
  text_table table{{{"a", align::left, 4}, {"b", align::right, 3}}};
  table.add({"x", "1"});
  CHECK(rendered(table)
        == "a       b\n"
           "x       1\n");
}

TEST_CASE("characters of several bytes take one column") {
  text_table table{{{"", align::left}, {""}}};
  table.add({"\u00e4\u00e4", "1"});
  table.add({"abc", "2"});
  CHECK(rendered(table)
        == "\u00e4\u00e4   1\n"
           "abc  2\n");
}

TEST_CASE("styles are colours where there are colours") {
  text_table table{{{"", align::left}}};
  table.add({{"bad", style::bad}});
  CHECK(rendered(table, true) == "\x1b[31mbad\x1b[0m\n");
  CHECK(rendered(table) == "bad\n");
}

TEST_CASE("a line is cut to the width of the screen") {
  styled_line line{"abc", style::bold};
  line.add("def");
  CHECK(line.columns() == 6);
  CHECK(line.render(4, false) == "abcd");
  CHECK(line.render(2, true) == "\x1b[1mab\x1b[0m");
  CHECK(line.render(0, true).empty());
}

TEST_CASE("a text on the right ends before its column") {
  styled_line line{"left"};
  line.add_right("right", 12);
  CHECK(line.render(false) == "left   right");
  styled_line full{"0123456789"};
  full.add_right("right", 12);
  CHECK(full.render(false) == "0123456789 right");
}
