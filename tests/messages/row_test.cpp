#include "onewriter/row.hpp"

#include "onewriter/query.hpp"
#include "tests/catch.hpp"

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <tuple>

using namespace onewriter;

namespace {

const row all{{null{}, 42, 0.5, "text", blob{std::byte{1}}}};

/// What a cell is refused with; empty if it is not.
template <class T>
std::string refusal(const row& x, size_t column) {
  try {
    static_cast<void>(x.get<T>(column));
    return {};
  } catch (const bad_cell& err) {
    return err.what();
  }
}

/// Which of the five cells of `all` can be read as a T.
template <class T>
std::string readable() {
  std::string result;
  for (size_t column = 0; column < all.cells.size(); ++column)
    result += refusal<T>(all, column).empty() ? '1' : '0';
  return result;
}

/// Which of two cells, the smallest and the largest integer of a type with one
/// more bit on each side, still fit.
template <class T>
std::string range_of() {
  auto min = static_cast<int64_t>(std::numeric_limits<T>::min());
  auto max = static_cast<int64_t>(std::numeric_limits<T>::max());
  row x{{min, max, min - 1, max + 1}};
  std::string result;
  for (size_t column = 0; column < x.cells.size(); ++column)
    result += refusal<T>(x, column).empty() ? '1' : '0';
  return result;
}

struct peer {
  int32_t id;
  std::string name;
  std::optional<double> score;
};

} // namespace

TEST_CASE("a cell is read as what it holds") {
  CHECK(all.get<int>(1) == 42);
  CHECK(all.get<uint64_t>(1) == 42);
  CHECK(all.get<double>(1) == 42.0);
  CHECK(all.get<double>(2) == 0.5);
  CHECK(all.get<float>(2) == 0.5f);
  CHECK(all.get<std::string>(3) == "text");
  CHECK(all.get<blob>(4) == blob{std::byte{1}});
  CHECK(all.get<value>(0).is_null());
  CHECK(all.get<value>(3) == value{"text"});
  CHECK(row{{0}}.get<bool>(0) == false);
  CHECK(row{{1}}.get<bool>(0) == true);
}

TEST_CASE("a cell is not read as what it does not hold") {
  CHECK(readable<int64_t>() == "01000");
  CHECK(readable<uint8_t>() == "01000");
  CHECK(readable<bool>() == "00000");
  CHECK(readable<double>() == "01100");
  CHECK(readable<std::string>() == "00010");
  CHECK(readable<blob>() == "00001");
  CHECK(readable<value>() == "11111");
  CHECK(readable<std::optional<int>>() == "11000");
  CHECK(readable<std::optional<double>>() == "11100");
  CHECK(readable<std::optional<std::string>>() == "10010");
  CHECK(readable<std::optional<blob>>() == "10001");
}

TEST_CASE("a bad cell says where it is and what it holds") {
  CHECK(refusal<int>(all, 0) == "column 0 holds NULL, not an integer");
  CHECK(refusal<int>(all, 2) == "column 2 holds a double, not an integer");
  CHECK(refusal<double>(all, 3) == "column 3 holds a text, not a number");
  CHECK(refusal<std::string>(all, 1)
        == "column 1 holds an integer, not a text");
  CHECK(refusal<blob>(all, 3) == "column 3 holds a text, not a blob");
  CHECK(refusal<std::string>(all, 4) == "column 4 holds a blob, not a text");
  CHECK(refusal<int>(all, 5) == "no column 5: the row has 5");
  CHECK(refusal<std::optional<int>>(row{}, 0) == "no column 0: the row has 0");
  // The content of a cell may be a secret.
  CHECK(refusal<int>(row{{"secret"}}, 0).find("secret") == std::string::npos);
}

TEST_CASE("an integer has to fit") {
  CHECK(range_of<int8_t>() == "1100");
  CHECK(range_of<uint8_t>() == "1100");
  CHECK(range_of<int16_t>() == "1100");
  CHECK(range_of<uint16_t>() == "1100");
  CHECK(range_of<int32_t>() == "1100");
  CHECK(range_of<uint32_t>() == "1100");
  CHECK(range_of<bool>() == "1100");
  row limits{
    {std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()}};
  CHECK(limits.get<int64_t>(0) == std::numeric_limits<int64_t>::min());
  CHECK(limits.get<int64_t>(1) == std::numeric_limits<int64_t>::max());
  CHECK(limits.get<uint64_t>(1) == 9'223'372'036'854'775'807u);
  CHECK_FALSE(refusal<uint64_t>(limits, 0).empty());
  CHECK(refusal<int32_t>(limits, 1)
        == "column 1 holds an integer, not an integer in the range of the type "
           "asked for");
}

TEST_CASE("edges of doubles and texts are read as they are") {
  row x{{-0.0, std::numeric_limits<double>::infinity(), std::string("a\0b", 3),
         "", blob{}}};
  CHECK(std::signbit(x.get<double>(0)));
  CHECK(std::isinf(x.get<double>(1)));
  CHECK(x.get<std::string>(2) == std::string("a\0b", 3));
  CHECK(x.get<std::string>(3).empty());
  CHECK(x.get<std::optional<std::string>>(3) == "");
  CHECK(x.get<std::optional<blob>>(4) == blob{});
}

TEST_CASE("a row is read into a tuple") {
  auto [id, name, score] = row{
    {7, "seven", null{},
     "more"}}.as<int64_t, std::string, std::optional<double>>();
  CHECK(id == 7);
  CHECK(name == "seven");
  CHECK_FALSE(score);
  CHECK(row{{1, 2}}.as<int, int>() == std::tuple{1, 2});
  CHECK_THROWS_AS((row{{1}}.as<int, int>()), bad_cell);
  CHECK_THROWS_AS((row{{1, "x"}}.as<int, int>()), bad_cell);
  CHECK(row{{1}}.as<>() == std::tuple<>{});
}

TEST_CASE("a row is read into a struct") {
  using maybe = std::optional<double>;
  auto x = row{{7, "seven", 0.5}}.into<peer, int32_t, std::string, maybe>();
  CHECK(x.id == 7);
  CHECK(x.name == "seven");
  CHECK(x.score == 0.5);
  CHECK_THROWS_AS((row{{7, 8, 9}}.into<peer, int32_t, std::string, maybe>()),
                  bad_cell);
  CHECK_THROWS_AS((row{{7, "x"}}.into<peer, int32_t, std::string, maybe>()),
                  bad_cell);
}

TEST_CASE("rows and results are rendered one per line") {
  CHECK(to_string(all) == "NULL|42|0.5|'text'|x'01'");
  CHECK(to_string(row{}) == "");
  CHECK(to_string(row{{""}}) == "''");
  result_set rows;
  rows.rows = {row{{1, "a"}}, row{{2, null{}}}};
  CHECK(to_string(rows) == "1|'a'\n2|NULL\n");
  CHECK(rows.rows[0] == row{{1, "a"}});
  CHECK_FALSE(rows.rows[0] == row{{1, "b"}});
  auto small = rows.bytes();
  rows.rows[0].cells[1] = std::string(1'001, 'x');
  CHECK(rows.bytes() == small + 1'000);
}
