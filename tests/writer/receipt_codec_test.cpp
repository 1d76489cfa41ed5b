#include "actors/store/receipt_codec.hpp"

#include "onewriter/protocol.hpp"
#include "tests/catch.hpp"

#include <limits>
#include <set>
#include <string>
#include <vector>

using namespace onewriter;

namespace {

write_receipt full_receipt() {
  write_receipt result;
  result.commit = std::numeric_limits<uint64_t>::max();
  result.shared = std::numeric_limits<uint32_t>::max();
  result.changes = std::numeric_limits<int64_t>::min();
  result.last_insert_rowid = -2;
  result_set rows;
  rows.columns = {{"a", "INTEGER"}, {"", ""}};
  rows.rows = {
    row{{null{}, std::numeric_limits<int64_t>::max()}},
    row{{-0.0, std::numeric_limits<double>::infinity()}},
    row{{std::string("a\0b", 3), ""}},
    row{{blob{}, blob{std::byte{0}, std::byte{255}}}},
    row{},
  };
  result.returned = {rows, result_set{}};
  return result;
}

/// The fields that are stored, as one text.
std::string text_of(const write_receipt& x) {
  auto result = std::to_string(x.commit) + " " + std::to_string(x.shared) + " "
                + std::to_string(x.changes) + " "
                + std::to_string(x.last_insert_rowid);
  for (auto& rows : x.returned) {
    result += "\n";
    for (auto& column : rows.columns)
      result += column.name + ":" + column.declared_type + ",";
    result += "\n" + to_string(rows);
  }
  return result;
}

bool is_corrupt(const blob& bytes) {
  auto decoded = decode_receipt(bytes);
  return !decoded && decoded.error() == ec::corrupt;
}

std::string hex(const blob& bytes) {
  return to_string(value{bytes});
}

write demanding(int64_t changes) {
  write result;
  result.statements.push_back(statement{"DELETE FROM t"}.expect(changes));
  return result;
}

} // namespace

TEST_CASE("a stored receipt comes back as it was") {
  auto original = full_receipt();
  auto decoded = decode_receipt(encode(original));
  REQUIRE(decoded);
  CHECK(text_of(*decoded) == text_of(original));
  REQUIRE(decoded->returned.size() == 2);
  for (size_t i = 0; i < original.returned[0].rows.size(); ++i)
    CHECK(decoded->returned[0].rows[i] == original.returned[0].rows[i]);
  CHECK_FALSE(decoded->repeated);
  decoded = decode_receipt(encode(write_receipt{}));
  REQUIRE(decoded);
  CHECK(text_of(*decoded) == text_of(write_receipt{}));
}

// Files keep receipts for as long as a day, over an update of the program.
TEST_CASE("the format of stored receipts does not change") {
  write_receipt receipt;
  receipt.commit = 258;
  receipt.shared = 3;
  receipt.changes = -1;
  receipt.last_insert_rowid = 7;
  result_set rows;
  rows.columns = {{"a", "B"}};
  rows.rows = {row{{null{}, 1, "t"}}};
  receipt.returned = {rows};
  CHECK(hex(encode(receipt))
        == "x'01"
           "0201000000000000"
           "0300000000000000"
           "FFFFFFFFFFFFFFFF"
           "0700000000000000"
           "0100000000000000"
           "0100000000000000"
           "010000000000000061"
           "010000000000000042"
           "0100000000000000"
           "0300000000000000"
           "00"
           "010100000000000000"
           "03010000000000000074'");
}

TEST_CASE("a damaged receipt is recognized") {
  auto good = encode(full_receipt());
  for (size_t size = 0; size < good.size(); ++size) {
    INFO(size);
    CHECK(is_corrupt(
      blob(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))));
  }
  auto longer = good;
  longer.push_back(std::byte{0});
  CHECK(is_corrupt(longer));
  auto other_version = good;
  other_version[0] = std::byte{2};
  CHECK(is_corrupt(other_version));
  // Sizes that no memory could hold.
  for (size_t at = 1; at < good.size(); ++at) {
    auto damaged = good;
    for (size_t i = at; i < at + 8 && i < damaged.size(); ++i)
      damaged[i] = std::byte{0xff};
    static_cast<void>(decode_receipt(damaged));
  }
  CHECK(is_corrupt({}));
}

TEST_CASE("requests that do the same have the same fingerprint") {
  write one{"INSERT INTO t VALUES(?)", 1};
  auto other = one;
  other.priority = priority::urgent;
  other.deadline = std::chrono::seconds{1};
  other.run_limit = std::chrono::seconds{1};
  other.idempotency_key = "key";
  CHECK(fingerprint(one) == fingerprint(other));
  call first{"f", 1, "a"};
  auto second = first;
  second.priority = priority::background;
  second.deadline = std::chrono::seconds{1};
  second.idempotency_key = "key";
  CHECK(fingerprint(first) == fingerprint(second));
}

TEST_CASE("requests that differ have different fingerprints") {
  const auto sql = std::string{"INSERT INTO t VALUES(?)"};
  write two{sql, 1};
  two.then(sql, 2);
  write joined{sql + sql, 1, 2};
  const std::vector<write> writes{
    write{},
    write{""},
    write{sql},
    write{sql, 1},
    write{sql, 2},
    write{sql, 1.0},
    write{sql, "1"},
    write{sql, blob{std::byte{'1'}}},
    write{sql, null{}},
    write{sql, ""},
    write{sql, blob{}},
    write{sql, 0.0},
    write{sql, -0.0},
    write{sql, named(":a", 1)},
    write{sql, named(":b", 1)},
    write{sql, "ab", "c"},
    write{sql, "a", "bc"},
    two,
    joined,
    demanding(-1),
    demanding(0),
    demanding(1),
  };
  std::set<sha256_digest> digests;
  for (auto& x : writes)
    digests.insert(fingerprint(x));
  CHECK(digests.size() == writes.size());
  const std::vector<call> calls{call{},         call{"f"},  call{"f", 1},
                                call{"f", "1"}, call{"f1"}, call{sql, 1}};
  for (auto& x : calls)
    digests.insert(fingerprint(x));
  CHECK(digests.size() == writes.size() + calls.size());
}
