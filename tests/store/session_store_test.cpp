#include "actors/store/session_store.hpp"

#include "actors/sqlite/schema.hpp"
#include "actors/store/idempotency_store.hpp"
#include "tests/sqlite/database_file.hpp"

using namespace onewriter;
using namespace onewriter::test;

namespace {

constexpr auto hour = std::chrono::hours{1};

session_name name_from(uint8_t x) {
  session_name result{};
  result.front() = std::byte{x};
  result.back() = std::byte{255};
  return result;
}

class store_fixture : public writer_file {
public:
  store_fixture() {
    REQUIRE(ok(sqlite::prepare_schema(*db)));
  }

  /// Stores a session of one receipt, with `commit`.
  stored_session store(uint8_t name, uint64_t commit) {
    write_receipt receipt;
    receipt.commit = commit;
    stored_session result;
    result.record.settled = 3;
    result.record.receipts = {to_session_receipt(4, receipt)};
    REQUIRE(ok(store_session(*db, name_from(name), result)));
    return result;
  }

  stored_session load(uint8_t name) {
    auto result = load_session(*db, name_from(name));
    REQUIRE(result);
    return *result;
  }

  void make_older(std::chrono::milliseconds by) {
    REQUIRE(db->run_internal(
      "UPDATE onewriter_session SET used_unix_ms = used_unix_ms - ?",
      static_cast<int64_t>(by.count())));
  }
};

} // namespace

TEST_CASE_METHOD(store_fixture, "a session is stored under its name") {
  CHECK(load(1).used_unix_ms == 0);
  auto stored = store(1, 7);
  store(2, 8);
  auto found = load(1);
  CHECK(found.record.settled == 3);
  REQUIRE(found.record.receipts.size() == 1);
  CHECK(found.record.receipts[0].number == 4);
  CHECK(found.record.receipts[0].commit == 7);
  CHECK(found.bytes == stored.bytes);
  CHECK(found.used_unix_ms == stored.used_unix_ms);
  CHECK(load(2).record.receipts.at(0).commit == 8);
  CHECK(answer(*db, "SELECT id, hex(name), settled FROM onewriter_session")
        == "1|'010000000000000000000000000000FF'|3\n"
           "2|'020000000000000000000000000000FF'|3\n");
}

TEST_CASE_METHOD(store_fixture,
                 "the time of a session is stored now and then") {
  auto what = store(1, 7);
  auto first = what.used_unix_ms;
  CHECK(first > 0);
  auto age = GENERATE(0, 1);
  make_older(age * 2 * session_time_step);
  what = load(1);
  auto before = what.used_unix_ms;
  what.record.settled = 4;
  REQUIRE(ok(store_session(*db, name_from(1), what)));
  auto found = load(1);
  CHECK(found.record.settled == 4);
  CHECK(found.used_unix_ms == what.used_unix_ms);
  CHECK((found.used_unix_ms == before) == (age == 0));
  CHECK(found.used_unix_ms >= first);
}

TEST_CASE_METHOD(store_fixture, "a session that has gone is stored again") {
  auto what = store(1, 7);
  REQUIRE(db->run_internal("DELETE FROM onewriter_session"));
  REQUIRE(ok(store_session(*db, name_from(1), what)));
  CHECK(load(1).record.receipts.at(0).commit == 7);
}

// The time that is stored may be older than the last use.
TEST_CASE_METHOD(store_fixture, "sessions are forgotten when they are old") {
  store(1, 7);
  make_older(hour);
  store(2, 8);
  REQUIRE(ok(forget_sessions(*db, hour)));
  CHECK(load(1).used_unix_ms != 0);
  make_older(session_time_step + std::chrono::milliseconds{1});
  REQUIRE(ok(forget_sessions(*db, hour)));
  CHECK(load(1).used_unix_ms == 0);
  CHECK(load(2).used_unix_ms != 0);
}

TEST_CASE_METHOD(store_fixture, "a large receipt is stored apart") {
  write_receipt receipt;
  receipt.commit = 7;
  result_set rows;
  rows.columns = {{"a", ""}};
  rows.rows = {row{{std::string(5'000, 'x')}}};
  receipt.returned = {rows};
  CHECK(name_of(find_apart(*db, name_from(1), 5).error())
        == "invalid_argument");
  REQUIRE(ok(store_apart(*db, name_from(1), 5, receipt)));
  // What a session of this name had before it was forgotten.
  receipt.commit = 9;
  REQUIRE(ok(store_apart(*db, name_from(1), 5, receipt)));
  auto found = find_apart(*db, name_from(1), 5);
  REQUIRE(found);
  CHECK(found->commit == 9);
  CHECK(found->repeated);
  CHECK(found->returned.at(0).rows == rows.rows);
  CHECK_FALSE(find_apart(*db, name_from(1), 6));
  CHECK_FALSE(find_apart(*db, name_from(2), 5));
  CHECK(answer(*db, "SELECT key FROM onewriter_idempotency")
        == "'onewriter-session-010000000000000000000000000000ff-5'\n");
  REQUIRE(ok(forget_receipts(*db, -hour)));
  CHECK_FALSE(find_apart(*db, name_from(1), 5));
}

TEST_CASE_METHOD(store_fixture, "a damaged row of a session is damage") {
  store(1, 7);
  auto change = GENERATE("settled = 'x'", "settled = -1", "receipts = 5",
                         "receipts = x'02'", "used_unix_ms = 'x'");
  INFO(change);
  REQUIRE(
    db->run_internal(std::string{"UPDATE onewriter_session SET "} + change));
  auto found = load_session(*db, name_from(1));
  REQUIRE_FALSE(found);
  CHECK(found.error() == ec::corrupt);
}
