// What an owner's options allow to processes that have joined.
#include "onewriter/compat/messaging.hpp"
#include "tests/catch.hpp"
#include "tests/sharing/peer.hpp"
#include "tests/temp_folder.hpp"

#include <string>
#include <vector>

using namespace onewriter;
using namespace onewriter::test;

namespace {

caf::expected<result_set> do_nothing(session&, const std::vector<value>&) {
  return result_set{};
}

template <class T>
std::string code_of_reply(const caf::expected<T>& x) {
  return to_string(x ? ec::none : code_of(x.error()));
}

std::string code_of_injection(member& me) {
  caf::scoped_actor self{me.sys()};
  auto result = ec::none;
  compat::request(self, me.db().database(), caf::infinite, inject_failure{})
    .receive([] {}, [&](caf::error& x) { result = code_of(x); });
  return to_string(result);
}

/// What a process gets that joins now, and leaves.
std::string answers(const options& opts) {
  member me{opts};
  REQUIRE(me.problem() == "none");
  return "injection " + code_of_injection(me) + ", the owner's function "
         + code_of_reply(me.db().call("own")) + ", another "
         + code_of_reply(me.db().call("other"));
}

} // namespace

TEST_CASE("an owner allows others what its options say, and so does the next") {
  temp_folder folder;
  options opts;
  opts.path = folder.file("test.db");
  opts.log = nullptr;
  opts.allow_failure_injection = true;
  opts.functions["own"] = do_nothing;
  opts.functions["other"] = do_nothing;
  std::string expected;
  SECTION("nothing beyond the default") {
    expected = "injection not_allowed, the owner's function none, another none";
  }
  SECTION("failures, and not all functions") {
    opts.allow_failure_injection_by_others = true;
    opts.owner_functions = {"own"};
    expected = "injection none, the owner's function not_allowed, another none";
  }
  peer first{opts};
  peer second{opts};
  REQUIRE(first.write("CREATE TABLE t(a)") == "ok");
  CHECK(answers(opts) == expected);
  CHECK(first.leave() == "left");
  // It owns the file when it gets a receipt: there is no other process.
  REQUIRE(second.write("INSERT INTO t VALUES(1)") == "ok");
  CHECK(answers(opts) == expected);
}
