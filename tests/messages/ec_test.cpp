#include "messages/compat/serialization.hpp"
#include "onewriter/compat/errors.hpp"
#include "onewriter/ec.hpp"

#include "onewriter/failure.hpp"
#include "onewriter/protocol.hpp"
#include "tests/catch.hpp"
#include "tests/fixture.hpp"

#include <set>
#include <string>

using namespace onewriter;
using onewriter::test::fixture;

namespace {

ec code_at(uint8_t index) {
  auto result = ec::none;
  REQUIRE(from_integer(index, result));
  return result;
}

failure full_failure() {
  failure result;
  result.message = "it broke";
  result.sqlite_code = 2067;
  result.statement = 3;
  result.sql = "SELECT ?";
  result.retry_after = std::chrono::milliseconds{15};
  return result;
}

/// Every field, in one line.
std::string text_of(const failure& x) {
  auto& [message, sqlite_code, statement, sql, retry_after] = x;
  return message + "|" + std::to_string(sqlite_code) + "|"
         + std::to_string(statement) + "|" + sql + "|"
         + std::to_string(retry_after.count());
}

caf::error over_the_wire(caf::actor_system& sys, const caf::error& err) {
  compat::byte_buffer bytes;
  REQUIRE(compat::serialize(sys, err, bytes) == caf::none);
  caf::error result;
  REQUIRE(compat::deserialize(sys, bytes, result) == caf::none);
  return result;
}

} // namespace

TEST_CASE("every code has a name of its own that leads back to it") {
  std::set<std::string> names;
  for (uint8_t index = 0; index < ec_count; ++index) {
    auto code = code_at(index);
    CHECK(static_cast<uint8_t>(code) == index);
    auto name = to_string(code);
    INFO(name);
    CHECK(names.insert(name).second);
    CHECK(name != "unknown");
    auto parsed = index == 0 ? ec::internal : ec::none;
    CHECK(from_string(name, parsed));
    CHECK(parsed == code);
  }
  CHECK(names.size() == ec_count);
}

// Codes are stored with dead letters and travel between nodes.
TEST_CASE("the numbers of codes do not change") {
  CHECK(to_string(code_at(0)) == "none");
  CHECK(to_string(code_at(8)) == "outcome_unknown");
  CHECK(to_string(code_at(9)) == "invalid_sql");
  CHECK(to_string(code_at(32)) == "target_exists");
  CHECK(to_string(code_at(33)) == "closed");
  CHECK(to_string(code_at(44)) == "internal");
  CHECK(to_string(code_at(45)) == "file_size_limit");
}

TEST_CASE("what is no code is refused and changes nothing") {
  auto code = ec::busy;
  for (auto index = int{ec_count}; index < 256; ++index)
    CHECK_FALSE(from_integer(static_cast<uint8_t>(index), code));
  for (auto name : {"", "Busy", "busy ", "onewriter::ec::busy", "unknown"})
    CHECK_FALSE(from_string(name, code));
  CHECK(code == ec::busy);
  CHECK(to_string(static_cast<ec>(200)) == "unknown");
}

TEST_CASE("codes are grouped by what a caller can do") {
  std::string groups;
  auto last = std::string{};
  for (uint8_t index = 0; index < ec_count; ++index) {
    auto name = to_string(advice_of(code_at(index)));
    if (name != last)
      groups += name + ":" + to_string(code_at(index)) + " ";
    last = name;
  }
  CHECK(
    groups
    == "none:none retry:overloaded check_outcome:outcome_unknown "
       "fix_request:invalid_sql retry:document_changed fix_request:cancelled "
       "give_up:closed ");
  CHECK(advice_of(ec::busy) == advice::retry);
  CHECK(advice_of(ec::unavailable) == advice::retry);
  CHECK(advice_of(ec::constraint_violated) == advice::fix_request);
  CHECK(advice_of(ec::target_exists) == advice::fix_request);
  CHECK(advice_of(ec::corrupt) == advice::give_up);
}

TEST_CASE_METHOD(fixture, "every code travels, with all that it carries") {
  for (uint8_t index = 1; index < ec_count; ++index) {
    auto code = code_at(index);
    auto sent = make_failure(code, full_failure());
    auto received = over_the_wire(sys, sent);
    INFO(to_string(code));
    CHECK(received == code);
    CHECK(received == sent);
    CHECK(code_of(received) == code);
    CHECK(text_of(failure_of(received)) == "it broke|2067|3|SELECT ?|15000000");
    // CAF finds a name for it.
    CHECK(compat::render(sys, received).find(to_string(code))
          != std::string::npos);
  }
  CHECK(over_the_wire(sys, caf::error{}) == caf::none);
  CHECK(text_of(failure_of(over_the_wire(sys, make_failure(ec::busy, "m"))))
        == "m|0|-1||0");
}

TEST_CASE("no error has no code and nothing to say") {
  CHECK(code_of(caf::error{}) == ec::none);
  CHECK(text_of(failure_of(caf::error{})) == "|0|-1||0");
  CHECK(describe(caf::error{}) == "none");
}

TEST_CASE("a description has what is known, and no more") {
  CHECK(describe(make_failure(ec::busy, "")) == "busy");
  CHECK(describe(make_failure(ec::busy, "locked")) == "busy: locked");
  CHECK(describe(make_failure(ec::constraint_violated, full_failure()))
        == "constraint_violated: it broke [SQLite 2067] in statement 4: "
           "SELECT ?");
  failure what;
  what.statement = 0;
  CHECK(describe(make_failure(ec::invalid_sql, what)) == "invalid_sql");
}

TEST_CASE("CAF's own errors mean something to a caller") {
  struct {
    caf::error err;
    ec code;
  } cases[] = {
    {caf::make_error(caf::sec::request_timeout), ec::deadline_exceeded},
    {caf::make_error(caf::sec::request_receiver_down), ec::unavailable},
    {caf::make_error(caf::sec::runtime_error, "boom"), ec::internal},
    {caf::make_error(caf::sec::unexpected_message), ec::internal},
    {caf::make_error(caf::exit_reason::kill), ec::internal},
  };
  for (auto& x : cases) {
    INFO(to_string(x.code));
    CHECK(code_of(x.err) == x.code);
    CHECK_FALSE(failure_of(x.err).message.empty());
    CHECK(failure_of(x.err).statement == -1);
    CHECK(describe(x.err).rfind(to_string(x.code) + ": ", 0) == 0);
  }
  // One of our codes without anything to go with it.
  auto bare = caf::make_error(ec::closed);
  CHECK(code_of(bare) == ec::closed);
  CHECK(describe(bare) == "closed: closed");
}

TEST_CASE("other enums have names that lead back to them, too") {
  auto priority_back = priority::normal;
  for (auto x : {priority::urgent, priority::normal, priority::background}) {
    CHECK(from_string(to_string(x), priority_back));
    CHECK(priority_back == x);
    CHECK(from_integer(static_cast<uint8_t>(x), priority_back));
    CHECK(priority_back == x);
  }
  CHECK_FALSE(from_string("hurried", priority_back));
  CHECK_FALSE(from_integer(3, priority_back));
  auto kind_back = failure_kind::connection;
  for (auto x : {failure_kind::connection, failure_kind::exception}) {
    CHECK(from_string(to_string(x), kind_back));
    CHECK(kind_back == x);
    CHECK(from_integer(static_cast<uint8_t>(x), kind_back));
    CHECK(kind_back == x);
  }
  CHECK_FALSE(from_string("", kind_back));
  CHECK_FALSE(from_integer(2, kind_back));
  std::set<std::string> names;
  auto alert_back = alert_kind::failed;
  for (uint8_t i = 0; i < alert_kind_count; ++i) {
    REQUIRE(from_integer(i, alert_back));
    auto name = to_string(alert_back);
    CHECK(names.insert(name).second);
    REQUIRE(from_string(name, alert_back));
    CHECK(static_cast<uint8_t>(alert_back) == i);
  }
  CHECK_FALSE(from_integer(alert_kind_count, alert_back));
  CHECK_FALSE(from_string("unknown", alert_back));
}

TEST_CASE("an error that is not onewriter's keeps what it says") {
  auto text = describe(caf::make_error(caf::sec::runtime_error, "boom"));
  CHECK(text.find("runtime_error") != std::string::npos);
  CHECK(text.find("boom") != std::string::npos);
}
