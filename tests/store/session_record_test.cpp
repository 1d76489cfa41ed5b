#include "actors/store/session_record.hpp"

#include "onewriter/protocol.hpp"
#include "tests/catch.hpp"

#include <limits>
#include <random>
#include <string>

using namespace onewriter;

namespace {

constexpr auto least = std::numeric_limits<int64_t>::min();
constexpr auto most = std::numeric_limits<int64_t>::max();

/// The fields that are stored, as one text.
std::string text_of(const session_record& x) {
  auto result = "settled " + std::to_string(x.settled);
  for (auto& range : x.apart.ranges())
    result
      += "\n" + std::to_string(range.first) + "-" + std::to_string(range.last);
  for (auto& receipt : x.receipts)
    result += "\n" + std::to_string(receipt.number) + ": "
              + std::to_string(receipt.commit) + " "
              + std::to_string(receipt.changes) + " "
              + std::to_string(receipt.last_insert_rowid) + " "
              + to_string(value{receipt.returned});
  return result;
}

write_receipt with_rows(size_t count) {
  write_receipt result;
  result_set rows;
  rows.columns = {{"id", "INTEGER"}, {"x", ""}};
  for (size_t i = 0; i < count; ++i)
    rows.rows.push_back(row{{static_cast<int64_t>(i) - 3, -0.5 * double(i)}});
  rows.rows.push_back(row{{"text", null{}}});
  rows.rows.push_back(row{{blob{std::byte{7}, std::byte{0}}, most}});
  result.returned = {rows, result_set{}};
  return result;
}

/// Draws records of all shapes: near and far numbers, small and large values.
class generator {
public:
  explicit generator(uint32_t seed) : random_{seed} {
    // nop
  }

  session_record record() {
    session_record result;
    result.settled = unsigned_number() % (most_session_number / 2);
    next_ = result.settled;
    for (auto count = random_() % 4; count > 0 && has_room(); --count) {
      auto first = skip();
      result.apart.append({first, first + gap()});
      next_ = result.apart.ranges().back().last + 2;
    }
    next_ = result.settled;
    for (auto count = random_() % 30; count > 0 && has_room(); --count)
      result.receipts.push_back(receipt(skip()));
    return result;
  }

  uint64_t below(uint64_t limit) {
    return random_() % limit;
  }

private:
  session_receipt receipt(uint64_t number) {
    auto rows = random_() % 4 == 0 ? with_rows(random_() % 5) : write_receipt{};
    rows.commit = unsigned_number();
    rows.changes = static_cast<int64_t>(unsigned_number());
    rows.last_insert_rowid = static_cast<int64_t>(unsigned_number());
    return to_session_receipt(number, rows);
  }

  bool has_room() const {
    return next_ < most_session_number / 2;
  }

  uint64_t skip() {
    auto result = next_ + gap();
    next_ = result + 1;
    return result;
  }

  uint64_t gap() {
    return random_() % 8 == 0 ? unsigned_number() % (most_session_number / 8)
                              : random_() % 3;
  }

  // As many small ones as large ones.
  uint64_t unsigned_number() {
    auto bits = random_() % 65;
    auto x = random_();
    return bits == 0 ? 0 : x >> (64 - bits);
  }

  std::mt19937_64 random_;
  uint64_t next_ = 0;
};

bool is_corrupt(uint64_t settled, const blob& bytes) {
  auto decoded = decode_session(settled, bytes);
  return !decoded && decoded.error() == ec::corrupt;
}

} // namespace

TEST_CASE("a stored session comes back as it was") {
  auto seed = std::random_device{}();
  INFO("seed " << seed);
  generator draw{seed};
  for (auto i = 0; i < 500; ++i) {
    auto original = draw.record();
    auto decoded = decode_session(original.settled, encode(original));
    REQUIRE(decoded);
    REQUIRE(text_of(*decoded) == text_of(original));
  }
}

TEST_CASE("the largest numbers have room in a stored session") {
  session_record all;
  all.settled = most_session_number - 2;
  all.apart.append({most_session_number, most_session_number});
  write_receipt receipt;
  receipt.commit = UINT64_MAX;
  receipt.changes = least;
  receipt.last_insert_rowid = least;
  all.receipts.push_back(to_session_receipt(most_session_number - 2, receipt));
  receipt.commit = 0;
  receipt.changes = most;
  receipt.last_insert_rowid = most;
  all.receipts.push_back(to_session_receipt(most_session_number - 1, receipt));
  auto decoded = decode_session(all.settled, encode(all));
  REQUIRE(decoded);
  CHECK(text_of(*decoded) == text_of(all));
  session_record far;
  far.receipts.push_back(to_session_receipt(most_session_number, receipt));
  decoded = decode_session(0, encode(far));
  REQUIRE(decoded);
  CHECK(text_of(*decoded) == text_of(far));
}

TEST_CASE("the rows of a receipt come back as they were") {
  auto original = with_rows(3);
  auto decoded = to_write_receipt(to_session_receipt(1, original));
  REQUIRE(decoded);
  REQUIRE(decoded->returned.size() == 2);
  CHECK(decoded->returned[0].columns.at(0).declared_type == "INTEGER");
  CHECK(decoded->returned[0].rows == original.returned[0].rows);
  CHECK(decoded->returned[1].rows.empty());
  CHECK_FALSE(decoded->repeated);
}

// Each commit writes them again until they are settled.
TEST_CASE("a plain receipt takes few bytes") {
  session_record some;
  some.settled = 5'000'000;
  write_receipt receipt;
  for (uint64_t i = 0; i < 1'000; ++i) {
    receipt.commit = 70'000 + i / 64;
    receipt.changes = 1;
    receipt.last_insert_rowid = static_cast<int64_t>(9'000'000 + 8 * i);
    some.receipts.push_back(to_session_receipt(some.settled + i, receipt));
  }
  CHECK(encode(some).size() < 6'000);
  // With rowids at random.
  for (auto& x : some.receipts)
    x.last_insert_rowid = static_cast<int64_t>(x.number * 0x9e3779b97f4a7c15);
  CHECK(encode(some).size() < 15'000);
  session_record with_id;
  result_set rows;
  rows.columns = {{"id", "INTEGER"}};
  rows.rows = {row{{int64_t{9'000'000}}}};
  receipt.returned = {rows};
  with_id.receipts = {to_session_receipt(0, receipt)};
  CHECK(encode(with_id).size() < 40);
}

// Files keep sessions for as long as a day, over an update of the program.
TEST_CASE("the format of stored sessions does not change") {
  session_record some;
  some.settled = 100;
  some.apart.append({101, 101});
  some.apart.append({110, 300});
  write_receipt receipt;
  receipt.commit = 258;
  receipt.changes = 1;
  receipt.last_insert_rowid = 7;
  some.receipts.push_back(to_session_receipt(100, receipt));
  receipt.commit = 259;
  receipt.changes = -1;
  receipt.last_insert_rowid = 5;
  result_set rows;
  rows.columns = {{"a", "B"}};
  rows.rows = {row{{null{}, 1, "t"}}};
  receipt.returned = {rows};
  some.receipts.push_back(to_session_receipt(109, receipt));
  CHECK(to_string(value{encode(some)})
        == "x'01"
           "02"
           "0100"
           "08BE01"
           "02"
           "008404020E"
           "11020103"
           "0E"
           "0101016101420103000102030174'");
}

TEST_CASE("a damaged session is recognized") {
  auto seed = std::random_device{}();
  INFO("seed " << seed);
  generator draw{seed};
  for (auto i = 0; i < 100; ++i) {
    auto original = draw.record();
    auto good = encode(original);
    for (size_t size = 0; size < good.size(); ++size)
      REQUIRE(is_corrupt(
        original.settled,
        blob(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))));
    auto longer = good;
    longer.push_back(std::byte{0});
    REQUIRE(is_corrupt(original.settled, longer));
    auto other_version = good;
    other_version[0] = std::byte{2};
    REQUIRE(is_corrupt(original.settled, other_version));
    REQUIRE(is_corrupt(most_session_number + 2, encode(draw.record())));
  }
}

// What is still readable is a session whose numbers ascend.
TEST_CASE("no damage to a session does harm") {
  auto seed = std::random_device{}();
  INFO("seed " << seed);
  generator draw{seed};
  auto recognized = 0;
  for (auto i = 0; i < 20'000; ++i) {
    auto original = draw.record();
    auto bytes = encode(original);
    for (auto count = 1 + draw.below(3); count > 0; --count)
      bytes[draw.below(bytes.size())] = static_cast<std::byte>(draw.below(256));
    auto decoded = decode_session(original.settled, bytes);
    if (!decoded) {
      REQUIRE(decoded.error() == ec::corrupt);
      ++recognized;
      continue;
    }
    auto next = original.settled;
    for (auto& x : decoded->receipts) {
      REQUIRE(x.number >= next);
      REQUIRE(x.number <= most_session_number);
      next = x.number + 1;
    }
    REQUIRE(text_of(*decode_session(original.settled, encode(*decoded)))
            == text_of(*decoded));
  }
  CHECK(recognized > 0);
}
