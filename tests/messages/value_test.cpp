#include "onewriter/value.hpp"

#include "onewriter/best_effort.hpp"
#include "onewriter/statement.hpp"
#include "onewriter/write.hpp"
#include "tests/catch.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

using namespace onewriter;

namespace {

using int_limits = std::numeric_limits<int64_t>;
using double_limits = std::numeric_limits<double>;

/// "type literal" of each.
std::string text_of(const std::vector<value>& xs) {
  std::string result;
  for (auto& x : xs)
    result += (result.empty() ? "" : ", ") + std::to_string(x.data.index())
              + " " + to_string(x);
  return result;
}

} // namespace

TEST_CASE("a value is made from what programs have at hand") {
  const char* literal = "literal";
  char text[] = "array";
  CHECK(text_of({value{}, null{}, nullptr}) == "0 NULL, 0 NULL, 0 NULL");
  CHECK(text_of({true, false, 'a', int8_t{-1}, uint8_t{255}, int16_t{-2},
                 uint16_t{65'535}, -3, 4'000'000'000u, -5L, -6LL})
        == "1 1, 1 0, 1 97, 1 -1, 1 255, 1 -2, 1 65535, 1 -3, 1 4000000000, "
           "1 -5, 1 -6");
  CHECK(text_of({1.0, 0.5f, -0.0}) == "2 1.0, 2 0.5, 2 -0.0");
  CHECK(text_of(
          {literal, text, std::string{"string"}, std::string_view{"view"}, ""})
        == "3 'literal', 3 'array', 3 'string', 3 'view', 3 ''");
  CHECK(text_of({blob{}, blob{std::byte{0}, std::byte{0xab}}})
        == "4 x'', 4 x'00AB'");
}

TEST_CASE("a value is rendered as the literal that SQL has for it") {
  CHECK(text_of({int_limits::min(), int_limits::max()})
        == "1 -9223372036854775808, 1 9223372036854775807");
  CHECK(text_of({double_limits::infinity(), -double_limits::infinity()})
        == "2 9e999, 2 -9e999");
  CHECK(text_of({0.1, 1e100, 123456789.0})
        == "2 0.10000000000000001, 2 1e+100, 2 123456789.0");
  CHECK(text_of({"it's", "''"}) == "3 'it''s', 3 ''''''");
}

TEST_CASE("values are equal only if they are exactly the same") {
  const std::vector<value> different{
    null{},
    0,
    1,
    -1,
    int_limits::min(),
    int_limits::max(),
    0.0,
    -0.0,
    1.0,
    double_limits::denorm_min(),
    double_limits::infinity(),
    -double_limits::infinity(),
    std::nan(""),
    "",
    "1",
    "a",
    std::string("a\0", 2),
    std::string("a\0b", 3),
    blob{},
    blob{std::byte{'1'}},
    blob{std::byte{0}},
  };
  for (size_t i = 0; i < different.size(); ++i)
    for (size_t j = 0; j < different.size(); ++j) {
      INFO(to_string(different[i]) << " and " << to_string(different[j]));
      CHECK((different[i] == different[j]) == (i == j));
      CHECK((different[i] != different[j]) == (i != j));
    }
}

TEST_CASE("only NULL is NULL") {
  CHECK(value{}.is_null());
  CHECK(value{nullptr}.is_null());
  for (auto& x : {value{0}, value{0.0}, value{""}, value{blob{}}})
    CHECK_FALSE(x.is_null());
}

TEST_CASE("a value counts its content") {
  CHECK(value{}.bytes() == sizeof(value));
  CHECK(value{5}.bytes() == sizeof(value));
  CHECK(value{std::string(1'000, 'x')}.bytes() == sizeof(value) + 1'000);
  CHECK(value{blob(500, std::byte{1})}.bytes() == sizeof(value) + 500);
}

TEST_CASE("a statement takes its values by position or by name") {
  auto text = std::string{"gone"};
  statement by_position{"SELECT ?, ?, ?", 1, "two", std::move(text)};
  CHECK(by_position.sql == "SELECT ?, ?, ?");
  CHECK(text_of(by_position.parameters) == "1 1, 3 'two', 3 'gone'");
  CHECK(by_position.names.empty());
  CHECK(by_position.expected_changes == -1);
  statement by_name{"SELECT :a, @b", named(":a", nullptr), named("@b", 2.5)};
  CHECK(text_of(by_name.parameters) == "0 NULL, 2 2.5");
  CHECK(by_name.names == std::vector<std::string>{":a", "@b"});
  CHECK(statement{"DELETE FROM t"}.expect(0).expected_changes == 0);
  CHECK(statement{}.sql.empty());
}

TEST_CASE("requests are made in one line") {
  write one{"INSERT INTO t VALUES(?, ?)", 1, "one"};
  REQUIRE(one.statements.size() == 1);
  CHECK(text_of(one.statements[0].parameters) == "1 1, 3 'one'");
  CHECK(one.priority == priority::normal);
  CHECK(one.deadline == one.deadline.zero());
  CHECK(one.idempotency_key.empty());
  one.then("DELETE FROM t WHERE a = ?", 5).then("SELECT 1");
  REQUIRE(one.statements.size() == 3);
  CHECK(one.statements[1].sql == "DELETE FROM t WHERE a = ?");
  CHECK(text_of(one.statements[1].parameters) == "1 5");
  CHECK(write{std::vector<statement>(2)}.statements.size() == 2);
  CHECK(write{}.statements.empty());
  query question{"SELECT ?", 7};
  CHECK(question.what.sql == "SELECT ?");
  CHECK(text_of(question.what.parameters) == "1 7");
  call function{"f", 1, "two", nullptr, 0.5, blob{}};
  CHECK(function.name == "f");
  CHECK(text_of(function.arguments) == "1 1, 3 'two', 0 NULL, 2 0.5, 4 x''");
  CHECK(call{"f"}.arguments.empty());
  best_effort update{"key", "UPDATE t SET a = :a", named(":a", 1)};
  CHECK(update.key == "key");
  CHECK(update.what.names == std::vector<std::string>{":a"});
}

TEST_CASE("requests count all that they hold") {
  write what{"SELECT ?", std::string(1'000, 'x')};
  auto small = bytes_of(write{"SELECT ?", ""});
  CHECK(bytes_of(what) == small + 1'000);
  what.idempotency_key = std::string(100, 'k');
  CHECK(bytes_of(what) == small + 1'100);
  auto before = bytes_of(what);
  what.then("SELECT 1");
  CHECK(bytes_of(what) > before + 8);
  call function{"f", std::string(1'000, 'x')};
  CHECK(bytes_of(function) == bytes_of(call{"f", ""}) + 1'000);
  best_effort update{"k", "SELECT ?", blob(1'000, std::byte{})};
  CHECK(update.bytes() == best_effort{"k", "SELECT ?", blob{}}.bytes() + 1'000);
}
