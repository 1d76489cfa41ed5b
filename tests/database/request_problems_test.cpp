// Arguments that are out of their ranges, through the database.
#include "onewriter/compat/messaging.hpp"
#include "tests/database/client_fixture.hpp"

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

namespace {

class request_problems_fixture : public client_fixture {
public:
  request_problems_fixture() {
    opts.functions["f"]
      = [](session&, const std::vector<value>&) -> caf::expected<result_set> {
      return result_set{};
    };
    opts.allow_failure_injection = true;
    open();
  }

  template <class Reply, class Request>
  std::string asked(Request what) {
    return outcome_of(send<Reply>(std::move(what)).reply());
  }
};

transaction nothing() {
  transaction result;
  result.function = [](session&) -> caf::expected<result_set> {
    return result_set{};
  };
  return result;
}

} // namespace

TEST_CASE_METHOD(request_problems_fixture,
                 "a negative time is refused by every request that has one") {
  auto bad = "invalid_argument";
  query rows{"SELECT 1"};
  rows.deadline = -1ns;
  CHECK(asked<result_set>(rows) == bad);
  CHECK(asked<cursor_actor>(open_cursor{rows}) == bad);
  CHECK(asked<cursor_actor>(open_cursor{query{"SELECT 1"}, -1ns}) == bad);
  search words;
  words.index = "i";
  words.expression = "e";
  words.deadline = -1ns;
  CHECK(asked<search_hits>(words) == bad);
  CHECK(asked<integrity_report>(integrity_check{true, -1ns}) == bad);
  CHECK(asked<close_receipt>(onewriter::close{true, -1ns}) == bad);
  onewriter::write one{"SELECT 1"};
  one.deadline = -1ns;
  CHECK(asked<write_receipt>(one) == bad);
  onewriter::write two{"SELECT 1"};
  two.run_limit = -1ns;
  CHECK(asked<write_receipt>(two) == bad);
  call three{"f"};
  three.deadline = -1ns;
  CHECK(asked<write_receipt>(three) == bad);
  auto four = nothing();
  four.deadline = -1ns;
  CHECK(asked<write_receipt>(four) == bad);
  // It is still open, and works.
  CHECK(asked<result_set>(query{"SELECT 1"}) == "ok");
}

TEST_CASE_METHOD(request_problems_fixture,
                 "a number that no enum has is refused") {
  auto bad = "invalid_argument";
  onewriter::write one{"SELECT 1"};
  call two{"f"};
  auto three = nothing();
  one.priority = two.priority = three.priority = static_cast<priority>(77);
  CHECK(asked<write_receipt>(one) == bad);
  CHECK(asked<write_receipt>(two) == bad);
  CHECK(asked<write_receipt>(three) == bad);
  std::string injected;
  compat::request(self, db->database(), patience,
                  inject_failure{static_cast<failure_kind>(2)})
    .receive([&] { injected = "ok"; },
             [&](caf::error& err) { injected = outcome_of(err); });
  CHECK(injected == bad);
}
