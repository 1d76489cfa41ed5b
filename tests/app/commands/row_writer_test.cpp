#include "app/commands/output/row_writer.hpp"

#include "app/commands/output/json_text.hpp"
#include "tests/app/commands/command_fixture.hpp"

#include <cmath>
#include <random>

using namespace onewriter;
using namespace onewriter::node;
using onewriter::test::without_returns;

namespace {

result_set make_page(std::vector<std::string> names,
                     std::vector<std::vector<value>> lines) {
  result_set result;
  for (auto& name : names)
    result.columns.push_back({name, ""});
  for (auto& cells : lines) {
    row line;
    line.cells = cells;
    result.rows.push_back(line);
  }
  return result;
}

std::string rendered(row_format format, const result_set& page,
                     bool terminal = false) {
  row_style style;
  style.format = format;
  style.terminal = terminal;
  return make_row_writer(style)->render(page);
}

/// A field of CSV as a reader sees it.
struct field {
  std::string text;
  bool quoted = false;
};

/// Reads RFC 4180 strictly; throws where something is wrong.
std::vector<std::vector<field>> parse_csv(const std::string& text) {
  std::vector<std::vector<field>> result;
  size_t at = 0;
  auto take = [&](const char* what) {
    auto size = std::char_traits<char>::length(what);
    if (text.compare(at, size, what) != 0)
      return false;
    at += size;
    return true;
  };
  auto read_field = [&] {
    field x;
    x.quoted = take("\"");
    if (!x.quoted) {
      while (at < text.size() && std::string{",\r\n\""}.find(text[at]) > 3)
        x.text += text[at++];
      return x;
    }
    while (at < text.size())
      if (take("\"\""))
        x.text += '"';
      else if (take("\""))
        return x;
      else
        x.text += text[at++];
    throw std::runtime_error("a quote is not closed");
  };
  while (at < text.size()) {
    std::vector<field> line{read_field()};
    while (take(","))
      line.push_back(read_field());
    if (!take("\r\n"))
      throw std::runtime_error("a line does not end where it should");
    result.push_back(line);
  }
  return result;
}

std::string random_text(std::mt19937_64& random) {
  const std::string alphabet{"a,\"\r\n\0 ;'\xff\x1b\xc3\xa4", 13};
  std::string result;
  for (auto size = random() % 9; size > 0; --size)
    result += alphabet[random() % alphabet.size()];
  return result;
}

} // namespace

TEST_CASE("CSV has a header, quotes what needs it, and tells NULL from an "
          "empty text") {
  auto page = make_page({"id", "a,b"}, {{1, "x"},
                                        {null{}, ""},
                                        {2.0, "say \"hi\"\r\n"},
                                        {blob{std::byte{0xab}}, " y "}});
  CHECK(rendered(row_format::csv, page)
        == "id,\"a,b\"\r\n1,x\r\n,\"\"\r\n2.0,\"say \"\"hi\"\"\r\n\"\r\n"
           "x'ab', y \r\n");
}

TEST_CASE("a header comes once, and also without rows") {
  row_style style;
  style.format = row_format::csv;
  auto writer = make_row_writer(style);
  CHECK(writer->render(make_page({"a"}, {})) == "a\r\n");
  CHECK(writer->render(make_page({"a"}, {{1}})) == "1\r\n");
  style.header = false;
  CHECK(make_row_writer(style)->render(make_page({"a"}, {{1}})) == "1\r\n");
  CHECK(rendered(row_format::table, make_page({"a"}, {})) == "a\n");
  CHECK(rendered(row_format::jsonl, make_page({"a"}, {})).empty());
}

TEST_CASE("any text comes back from CSV") {
  constexpr uint64_t seed = 4180;
  std::mt19937_64 random{seed};
  for (auto i = 0; i < 2'000; ++i) {
    std::vector<std::vector<value>> lines;
    for (auto count = 1 + random() % 3; count > 0; --count)
      lines.push_back({random_text(random), null{}, random_text(random)});
    auto text = rendered(row_format::csv, make_page({"a", "b", "c"}, lines));
    auto back = parse_csv(text);
    REQUIRE(back.size() == lines.size() + 1);
    for (size_t j = 0; j < lines.size(); ++j) {
      auto& line = back[j + 1];
      REQUIRE(line.size() == 3);
      CHECK(value{line[0].text} == lines[j][0]);
      CHECK(value{line[2].text} == lines[j][2]);
      CHECK((line[1].text.empty() && !line[1].quoted));
      CHECK((!line[0].text.empty() || line[0].quoted));
    }
  }
}

TEST_CASE("on a terminal no text controls it") {
  auto evil = std::string("a\x1b[2J\0\x7f\xc2\x9b\r\n", 11);
  auto page
    = make_page({evil}, {{evil}, {evil + '\xff'}, {blob{std::byte{0x1b}}}});
  for (auto format : {row_format::csv, row_format::table, row_format::jsonl}) {
    auto text = without_returns(rendered(format, page, true));
    CAPTURE(text);
    for (size_t i = 0; i < text.size(); ++i) {
      auto byte = static_cast<unsigned char>(text[i]);
      CHECK((byte == '\n' || byte >= 0x20));
      CHECK(byte != 0x7f);
      CHECK(byte != 0x9b);
    }
  }
  // A pipe gets the bytes.
  CHECK(test::has(rendered(row_format::csv, page), "\x1b[2J"));
}

TEST_CASE("JSON lines are valid and lose nothing") {
  auto page
    = make_page({"null", "integer", "real", "text", "blob", "bad", "infinite"},
                {{null{}, INT64_MIN, 0.1, std::string("a\0\"\\\n\u00e4", 7),
                  blob{std::byte{0}, std::byte{0xff}}, "\xff\xfe", -HUGE_VAL},
                 {null{}, INT64_MAX, -0.0, "", blob{}, "x", HUGE_VAL}});
  auto text = rendered(row_format::jsonl, page);
  std::istringstream lines{text};
  std::vector<json> back;
  for (std::string line; std::getline(lines, line);) {
    auto is_first = back.empty();
    auto found = line.find("9.0e+999");
    REQUIRE(found != line.npos);
    CHECK(line[found - 1] == (is_first ? '-' : ':'));
    back.push_back(json::parse(line.replace(found, 8, "9.5")));
  }
  REQUIRE(back.size() == 2);
  CHECK(back[0]["null"].is_null());
  CHECK(back[0]["integer"] == INT64_MIN);
  CHECK(back[0]["real"] == 0.1);
  CHECK(back[0]["text"] == std::string("a\0\"\\\n\u00e4", 7));
  CHECK(back[0]["blob"].dump() == R"({"blob_hex":"00ff"})");
  CHECK(back[0]["bad"].dump() == R"({"text_hex":"fffe"})");
  CHECK(back[0]["infinite"] == -9.5);
  CHECK(back[1]["integer"] == INT64_MAX);
  CHECK(std::signbit(back[1]["real"].get<double>()));
  CHECK(back[1]["text"] == "");
  CHECK(back[1]["blob"].dump() == R"({"blob_hex":""})");
  CHECK(back[1]["infinite"] == 9.5);
}

TEST_CASE("columns of the same name become members of their own") {
  auto page = make_page({"a", "a", "a:1", "b", "a"}, {{1, 2, 3, 4, 5}});
  CHECK(rendered(row_format::jsonl, page)
        == R"({"a":1,"a:2":2,"a:1":3,"b":4,"a:3":5})"
           "\n");
}

TEST_CASE("tables are aligned, numbers to the right") {
  auto page = make_page(
    {"id", "name", "price"},
    {{1, "tea", 4.5}, {100, "\u00e4pfel", null{}}, {null{}, "x\ny", 12.25}});
  CHECK(rendered(row_format::table, page)
        == "  id  name    price\n"
           "   1  tea       4.5\n"
           " 100  \u00e4pfel    NULL\n"
           "NULL  x\\x0ay  12.25\n");
}

TEST_CASE("later pages of a table are at least as wide") {
  auto writer = make_row_writer({});
  CHECK(writer->render(make_page({"a", "b"}, {{"long text", 1}}))
        == "a          b\nlong text  1\n");
  CHECK(writer->render(make_page({"a", "b"}, {{"x", 2}})) == "x          2\n");
}
