#include "tests/power/recovery/verdict.hpp"

#include "tests/oracle/write_verifier.hpp"
#include "tests/power/numbered_write.hpp"

#include <algorithm>

namespace onewriter::test {

namespace {

// The table of writes has no row for the tables themselves.
uint64_t rows_of(uint64_t number) {
  return number == 0 ? 1 : parts_of(number);
}

reply_state reply_at(const sent_write& x, size_t cut) {
  if (x.sent_at > cut)
    return reply_state::unsent;
  return x.receipt_at <= cut ? reply_state::acknowledged : reply_state::waiting;
}

// What had survived an earlier cut has to survive this one, too. A receipt that
// came after the cut tells the number of the commit as well.
std::vector<write_record> records_of(const run_ledger& ledger, size_t cut) {
  std::vector<write_record> result;
  for (auto& [number, sender] : ledger.old_writes)
    result.push_back(
      {number, sender, rows_of(number), reply_state::acknowledged, 0});
  for (auto& x : ledger.writes)
    result.push_back(
      {x.number, x.sender, rows_of(x.number), reply_at(x, cut), x.commit});
  return result;
}

void count_losses(const found_file& found, const run_ledger& ledger, size_t cut,
                  verdict& to) {
  std::set<uint64_t> lost_commits;
  for (auto& x : ledger.writes) {
    if (x.receipt_at > cut)
      continue;
    ++to.acknowledged;
    if (found.writes.count(x.number) > 0)
      continue;
    ++to.lost;
    lost_commits.insert(x.commit);
  }
  to.lost_commits = lost_commits.size();
}

// The versions that may be found, given what is known of their commits.
std::set<uint64_t> legal_versions(const run_ledger& ledger, size_t cut,
                                  uint64_t commit, bool may_lose) {
  std::set<uint64_t> result{ledger.old_version};
  for (auto& x : ledger.documents) {
    if (x.sent_at > cut)
      continue;
    auto is_certain = (x.commit > 0 && x.commit <= commit)
                      || (x.receipt_at <= cut && !may_lose);
    if (is_certain)
      result = {x.version};
    else if (x.commit == 0)
      result.insert(x.version);
  }
  return result;
}

} // namespace

std::set<uint64_t> possible_versions(const run_ledger& ledger, size_t cut) {
  std::set<uint64_t> result{ledger.old_version};
  for (auto& x : ledger.documents)
    if (x.sent_at <= cut)
      result.insert(x.version);
  return result;
}

bool was_indexing(const run_ledger& ledger, size_t cut) {
  // One after the other: the last one is the only one that may be open.
  auto last = std::find_if(ledger.documents.rbegin(), ledger.documents.rend(),
                           [cut](auto& x) { return x.sent_at <= cut; });
  return last != ledger.documents.rend() && last->receipt_at > cut;
}

verdict verify(const found_file& found, const run_ledger& ledger, size_t cut,
               enum synchronous level) {
  write_demands demands;
  demands.last_commit = found.commit;
  demands.may_lose_last_commits = level == synchronous::normal;
  demands.forbids_gaps = true;
  verdict result;
  count_losses(found, ledger, cut, result);
  result.problems = found.problems;
  for (auto& x : verify_writes(records_of(ledger, cut),
                               sort_by_write(found.rows), demands))
    result.problems.push_back(x.text);
  auto legal
    = legal_versions(ledger, cut, found.commit, demands.may_lose_last_commits);
  if (legal.count(found.version) == 0)
    result.problems.push_back("version " + std::to_string(found.version)
                              + " of the document is found; the last commit is "
                              + std::to_string(found.commit));
  return result;
}

} // namespace onewriter::test
