#include "actors/console/json_writer.hpp"

#include "tests/catch.hpp"

#include <cmath>
#include <limits>

using namespace onewriter;

namespace {

std::string quoted(std::string_view x) {
  json_writer out;
  out.string(x);
  return out.text();
}

std::string number(double x) {
  json_writer out;
  out.number(x);
  return out.text();
}

} // namespace

TEST_CASE("objects and arrays are indented") {
  json_writer out;
  out.begin_object();
  out.member("ok", true);
  out.member("count", 5);
  out.key("list");
  out.begin_array();
  out.string("a");
  out.null();
  out.end_array();
  out.key("nothing");
  out.begin_object();
  out.end_object();
  out.end_object();
  CHECK(out.text()
        == "{\n"
           "  \"ok\": true,\n"
           "  \"count\": 5,\n"
           "  \"list\": [\n"
           "    \"a\",\n"
           "    null\n"
           "  ],\n"
           "  \"nothing\": {}\n"
           "}");
}

TEST_CASE("strings are escaped") {
  CHECK(quoted("plain \u00e4") == "\"plain \u00e4\"");
  CHECK(quoted("a\"b\\c") == "\"a\\\"b\\\\c\"");
  CHECK(quoted("\n\r\t") == "\"\\n\\r\\t\"");
  CHECK(quoted(std::string_view{"\0\x1f", 2}) == "\"\\u0000\\u001f\"");
}

TEST_CASE("what is no UTF-8 is replaced") {
  CHECK(quoted("a\xff"
               "b")
        == "\"a\uFFFDb\"");
  CHECK(quoted("\xe2\x82") == "\"\uFFFD\uFFFD\"");
  CHECK(quoted("\xed\xa0\x80") == "\"\uFFFD\uFFFD\uFFFD\"");
}

TEST_CASE("numbers are numbers of JSON") {
  CHECK(number(0.5) == "0.5");
  CHECK(number(1234567) == "1.23457e+06");
  CHECK(number(std::nan("")) == "null");
  CHECK(number(std::numeric_limits<double>::infinity()) == "null");
  json_writer out;
  out.number(UINT64_MAX);
  CHECK(out.text() == "18446744073709551615");
}
