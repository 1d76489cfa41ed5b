#include "actors/console/format.hpp"

#include "tests/catch.hpp"

using namespace onewriter;
using std::chrono::microseconds;
using std::chrono::milliseconds;

TEST_CASE("numbers have separators between thousands") {
  CHECK(with_separators(0) == "0");
  CHECK(with_separators(999) == "999");
  CHECK(with_separators(1'000) == "1,000");
  CHECK(with_separators(1'234'567) == "1,234,567");
  CHECK(with_separators(UINT64_MAX) == "18,446,744,073,709,551,615");
}

TEST_CASE("decimals have separators before the point only") {
  CHECK(format_fixed(0, 2) == "0.00");
  CHECK(format_fixed(1234.5, 2) == "1,234.50");
  CHECK(format_fixed(-1234.5, 1) == "-1,234.5");
  CHECK(format_fixed(-123, 0) == "-123");
  CHECK(format_fixed(123456, 0) == "123,456");
}

TEST_CASE("bytes have the unit that suits them") {
  CHECK(format_bytes(0) == "0 B");
  CHECK(format_bytes(999) == "999 B");
  CHECK(format_bytes(1'000) == "1.0 kB");
  CHECK(format_bytes(65'536) == "65.5 kB");
  CHECK(format_bytes(999'949) == "999.9 kB");
  CHECK(format_bytes(999'950) == "1.0 MB");
  CHECK(format_bytes(128'257'292) == "128.3 MB");
  CHECK(format_bytes(UINT64_MAX) == "18,446,744.1 TB");
}

TEST_CASE("durations, shares, counts and rates are short") {
  CHECK(format_ms(microseconds{1'234}) == "1.23");
  CHECK(format_ms(milliseconds{12'345}) == "12,345.00");
  CHECK(format_seconds(milliseconds{12'345}) == "12.3 s");
  CHECK(format_percent(0.999) == "99 %");
  CHECK(format_percent(1) == "100 %");
  CHECK(format_percent(2) == "100 %");
  CHECK(format_percent(-1) == "0 %");
  CHECK(format_count(1, "file") == "1 file");
  CHECK(format_count(0, "file") == "0 files");
  CHECK(format_count(1'200, "file") == "1,200 files");
  CHECK(format_rate(0) == "0");
  CHECK(format_rate(3.21) == "3.2");
  CHECK(format_rate(1234.5) == "1,234");
}

TEST_CASE("columns are counted in characters") {
  CHECK(columns_of("") == 0);
  CHECK(columns_of("abc") == 3);
  CHECK(columns_of("\u00e4\u20ac\u2588") == 3);
  CHECK(first_columns("\u00e4\u20acx", 2) == "\u00e4\u20ac");
  CHECK(first_columns("abc", 0).empty());
  CHECK(first_columns("abc", 5) == "abc");
}

TEST_CASE("a long text loses its middle") {
  CHECK(shorten("short", 5) == "short");
  CHECK(shorten("0123456789abcdef", 12) == "012...abcdef");
  CHECK(shorten("0123456789", 4) == "0123");
  CHECK(shorten("\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4", 8)
        == "\u00e4...\u00e4\u00e4\u00e4\u00e4");
}

TEST_CASE("any bytes can be printed") {
  CHECK(printable("plain \u00e4") == "plain \u00e4");
  CHECK(printable("a\x1b[2J\n") == "a\\x1b[2J\\x0a");
  CHECK(printable("\xff\xfe") == "\\xff\\xfe");
  CHECK(printable("\xc2\x9b") == "\\xc2\\x9b");
  CHECK(printable("a\xe2\x82") == "a\\xe2\\x82");
}

TEST_CASE("names are quoted for the shell where they have to be") {
  CHECK(shell_quoted("/srv/a-1.db") == "/srv/a-1.db");
  CHECK(shell_quoted("a b") == "'a b'");
  CHECK(shell_quoted("it's") == "'it'\\''s'");
  CHECK(shell_quoted("") == "''");
}
