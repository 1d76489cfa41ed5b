#include "app/commands/arguments/parameters.hpp"

#include "app/commands/arguments/words.hpp"
#include "app/commands/output/value_text.hpp"
#include "tests/catch.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

using namespace onewriter;
using namespace onewriter::node;

namespace {

std::string problem_of(const std::vector<std::string>& words) {
  auto made = make_statement("SELECT 1", words, false);
  return made ? "" : to_string(code_of(made.error()));
}

statement made_of(const std::vector<std::string>& words, bool all_text) {
  auto made = make_statement("SELECT 1", words, all_text);
  REQUIRE(made);
  return *made;
}

} // namespace

TEST_CASE("words that are numbers become numbers") {
  CHECK(parse_value("0") == value{0});
  CHECK(parse_value("-5") == value{-5});
  CHECK(parse_value("9223372036854775807")
        == value{std::numeric_limits<int64_t>::max()});
  CHECK(parse_value("-9223372036854775808")
        == value{std::numeric_limits<int64_t>::min()});
  CHECK(parse_value("1.5") == value{1.5});
  CHECK(parse_value("-0.0") == value{-0.0});
  CHECK(parse_value("2.0") == value{2.0});
  CHECK(parse_value("1e3") == value{1000.0});
  CHECK(parse_value("1E+3") == value{1000.0});
  CHECK(parse_value("1.25e-2") == value{0.0125});
  CHECK(parse_value("9e999") == value{HUGE_VAL});
  CHECK(parse_value("-9e999") == value{-HUGE_VAL});
}

TEST_CASE("words that are nearly numbers stay texts") {
  for (auto word : {"",
                    "-",
                    "+5",
                    "007",
                    "-0",
                    "00",
                    "1.",
                    ".5",
                    "-.5",
                    "01.5",
                    "1e",
                    "1e+",
                    "e3",
                    "1.e3",
                    "1.5.5",
                    "0x10",
                    "0b1",
                    "1_000",
                    "1,5",
                    " 1",
                    "1 ",
                    "1\n",
                    "1a",
                    "--1",
                    "inf",
                    "nan",
                    "NaN",
                    "Infinity",
                    "9223372036854775808",
                    "-9223372036854775809",
                    "123456789012345678901234567890",
                    "\xd9\xa1"}) {
    CAPTURE(word);
    CHECK(parse_value(word) == value{word});
  }
}

TEST_CASE("only NULL in capitals is NULL") {
  CHECK(parse_value("NULL") == value{null{}});
  for (auto word : {"null", "Null", "NULL ", "'NULL'"})
    CHECK(parse_value(word) == value{word});
}

TEST_CASE("blobs are pairs of hexadecimal digits in quotes") {
  CHECK(parse_value("x''") == value{blob{}});
  CHECK(parse_value("x'00fF'") == value{blob{std::byte{0}, std::byte{0xff}}});
  CHECK(parse_value("X'7f'") == value{blob{std::byte{0x7f}}});
  for (auto word : {"x'", "x'0'", "x'000'", "x'0g'", "x'00", "x00'", "'00'",
                    "y'00'", "x'00''"})
    CHECK(parse_value(word) == value{word});
}

TEST_CASE("what is printed is read back") {
  constexpr uint64_t seed = 20261130;
  std::mt19937_64 random{seed};
  for (auto i = 0; i < 20'000; ++i) {
    auto bits = random();
    value number = static_cast<int64_t>(bits);
    CHECK(parse_value(value_text(number)) == number);
    double real;
    std::memcpy(&real, &bits, sizeof real);
    if (!std::isnan(real))
      CHECK(parse_value(value_text(real)) == value{real});
    blob bytes(bits % 9, static_cast<std::byte>(bits >> 56));
    CHECK(parse_value(value_text(bytes)) == value{bytes});
  }
  CHECK(value_text(0.1) == "0.1");
  CHECK(value_text(1e21) == "1e+21");
  CHECK(value_text(-3.0) == "-3.0");
}

TEST_CASE("parameters are bound by position or by name") {
  auto by_position
    = made_of({"1", "a:b", ":a", "=", ":=1", "", ":-x=1"}, false);
  CHECK(by_position.names.empty());
  CHECK(by_position.parameters
        == std::vector<value>{1, "a:b", ":a", "=", ":=1", "", ":-x=1"});
  auto by_name = made_of({":a=1", "@b_2=x=y", "$c=", ":d=NULL"}, false);
  CHECK(by_name.names == std::vector<std::string>{":a", "@b_2", "$c", ":d"});
  CHECK(by_name.parameters == std::vector<value>{1, "x=y", "", null{}});
  CHECK(problem_of({}).empty());
  CHECK(problem_of({":a=1", "2"}) == "invalid_argument");
}

TEST_CASE("with --text all parameters are texts by position") {
  auto made = made_of({"1", "NULL", "x'00'", ":a=1", "1.5"}, true);
  CHECK(made.names.empty());
  CHECK(made.parameters
        == std::vector<value>{"1", "NULL", "x'00'", ":a=1", "1.5"});
}

TEST_CASE("words are given back as they were written") {
  std::vector<std::string> words{"a",     "[1,2]", "{}", "++", "\x01",
                                 "\x01x", "",      "-5", "--"};
  std::vector<std::string> behind{"--", "-x", "[", "--json", ""};
  auto all = words;
  all.insert(all.end(), behind.begin(), behind.end());
  std::vector<std::string> back;
  for (auto& word : protect(all))
    back.push_back(plain(word));
  // The first -- is left out.
  auto wanted = words;
  wanted.pop_back();
  wanted.insert(wanted.end(), behind.begin(), behind.end());
  CHECK(back == wanted);
}
