#include "app/demo/core/peer_record.hpp"

#include "tests/catch.hpp"

#include <sstream>
#include <tuple>

using namespace onewriter::node;

namespace {

using rows = std::vector<std::tuple<int64_t, uint64_t, int64_t>>;

// A peer whose connects have got the ids, in order; 0 was refused and -1 is
// unknown.
peer_record ledger_of(int64_t peer, std::vector<int64_t> ids) {
  peer_record result;
  result.peer = peer;
  for (auto id : ids) {
    auto number = ++result.sent;
    if (id == 0)
      result.refused.push_back(number);
    else if (id < 0)
      result.unknown.push_back(number);
    else
      result.marks += session_mark(peer, number, id);
  }
  return result;
}

std::string audited(const std::vector<peer_record>& ledgers,
                    const rows& found) {
  session_audit audit{ledgers};
  for (auto& [peer, number, id] : found)
    audit.row(peer, number, id);
  auto x = audit.finish();
  std::ostringstream out;
  out << "rows " << x.rows << " missing " << x.missing << " doubled "
      << x.doubled << " unexpected " << x.unexpected << " disordered "
      << x.disordered << " mistaken " << x.mistaken;
  return out.str();
}

} // namespace

TEST_CASE("rows that match the receipts are fine") {
  CHECK(audited({}, {})
        == "rows 0 missing 0 doubled 0 unexpected 0 disordered 0 mistaken 0");
  CHECK(audited({ledger_of(1, {10, 12}), ledger_of(2, {11})},
                {{1, 1, 10}, {1, 2, 12}, {2, 1, 11}})
        == "rows 3 missing 0 doubled 0 unexpected 0 disordered 0 mistaken 0");
}

TEST_CASE("a refused connect has no row, an unknown one may have one") {
  CHECK(audited({ledger_of(1, {10, 0, -1, 13})}, {{1, 1, 10}, {1, 4, 13}})
        == "rows 2 missing 0 doubled 0 unexpected 0 disordered 0 mistaken 0");
  CHECK(audited({ledger_of(1, {10, 0, -1, 13})},
                {{1, 1, 10}, {1, 3, 12}, {1, 4, 13}})
        == "rows 3 missing 0 doubled 0 unexpected 0 disordered 0 mistaken 0");
  CHECK(audited({ledger_of(1, {10, 0})}, {{1, 1, 10}, {1, 2, 11}})
        == "rows 2 missing 0 doubled 0 unexpected 1 disordered 0 mistaken 0");
}

TEST_CASE("a receipt without a row is missed") {
  CHECK(audited({ledger_of(1, {10, 11})}, {{1, 2, 11}})
        == "rows 1 missing 1 doubled 0 unexpected 0 disordered 0 mistaken 1");
  CHECK(audited({ledger_of(1, {10}), ledger_of(2, {11}), ledger_of(3, {12})},
                {{2, 1, 11}})
        == "rows 1 missing 2 doubled 0 unexpected 0 disordered 0 mistaken 0");
}

TEST_CASE("a row that is there twice is noticed") {
  CHECK(audited({ledger_of(1, {10})}, {{1, 1, 10}, {1, 1, 11}})
        == "rows 2 missing 0 doubled 1 unexpected 0 disordered 0 mistaken 0");
}

TEST_CASE("rows of unknown peers are noticed") {
  CHECK(audited({ledger_of(2, {10})}, {{1, 1, 9}, {2, 1, 10}, {3, 1, 11}})
        == "rows 3 missing 0 doubled 0 unexpected 2 disordered 0 mistaken 0");
  CHECK(audited({ledger_of(1, {10})}, {{1, 1, 10}, {1, 2, 11}})
        == "rows 2 missing 0 doubled 0 unexpected 1 disordered 0 mistaken 0");
}

TEST_CASE("rows have to be in the order of their numbers") {
  CHECK(audited({ledger_of(1, {11, 10})}, {{1, 1, 11}, {1, 2, 10}})
        == "rows 2 missing 0 doubled 0 unexpected 0 disordered 1 mistaken 0");
}

TEST_CASE("a receipt that names another row is noticed") {
  CHECK(audited({ledger_of(1, {10, 11})}, {{1, 1, 10}, {1, 2, 12}})
        == "rows 2 missing 0 doubled 0 unexpected 0 disordered 0 mistaken 1");
}
