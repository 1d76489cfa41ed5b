#include "tests/model/entry_book.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace onewriter::test {

namespace {

std::string name_of(uint64_t content) {
  return "content " + std::to_string(content);
}

bool same(const write_receipt& x, const write_receipt& y) {
  auto is_same = [](const result_set& a, const result_set& b) {
    return a.rows == b.rows;
  };
  return x.commit == y.commit && x.changes == y.changes
         && x.last_insert_rowid == y.last_insert_rowid
         && std::equal(x.returned.begin(), x.returned.end(), y.returned.begin(),
                       y.returned.end(), is_same);
}

} // namespace

// -- what the test does -----------------------------------------------------------

size_t entry_book::sent(entry_request what) {
  auto result = requests_.size();
  contents_[what.content].requests.push_back(result);
  if (what.forgotten)
    forgotten_.push_back(result);
  record added;
  added.what = what;
  requests_.push_back(std::move(added));
  return result;
}

void entry_book::acknowledged(size_t which, const write_receipt& receipt,
                              moment now) {
  auto& x = requests_[which];
  x.fate = fate::acknowledged;
  x.receipt = receipt;
  x.what.when.arrived = now;
}

void entry_book::refused(size_t which, moment now) {
  requests_[which].fate = fate::refused;
  requests_[which].what.when.arrived = now;
}

void entry_book::in_doubt(size_t which, moment now) {
  requests_[which].fate = fate::in_doubt;
  requests_[which].what.when.arrived = now;
}

void entry_book::returned(size_t which, std::vector<entry_row> rows) {
  requests_[which].returned = std::move(rows);
}

void entry_book::moved(size_t which, uint64_t version) {
  requests_[which].what.version = version;
}

void entry_book::replayed(uint64_t content) {
  auto& x = contents_[content];
  complaints_.expect(!std::exchange(x.replayed, true),
                     name_of(content) + ": its letter was replayed twice");
}

void entry_book::discarded(uint64_t content) {
  auto& x = contents_[content];
  complaints_.expect(!std::exchange(x.discarded, true),
                     name_of(content) + ": its letter was discarded twice");
}

void entry_book::letter_in_doubt(uint64_t content) {
  if (!std::exchange(contents_[content].in_doubt, true))
    ++letters_in_doubt_;
}

void entry_book::may_be_refused(size_t which) {
  requests_[which].may_be_refused = true;
}

void entry_book::saw(entry_snapshot what) {
  check_snapshot(what);
  snapshots_.push_back(std::move(what));
}

void entry_book::heard(uint32_t sender, moment sent, moment now) {
  for (auto which : forgotten_) {
    auto& when = requests_[which].what.when;
    if (when.sender == sender && when.sent < sent && when.arrived == never)
      when.arrived = now;
  }
}

uint64_t entry_book::version(int counter) const {
  uint64_t result = 0;
  for (auto& x : requests_)
    if (x.what.counter == counter && x.fate == fate::acknowledged)
      result = std::max(result, x.what.version + 1);
  return result;
}

// -- what must be true --------------------------------------------------------------

void entry_book::check(const file_content& file) {
  find_rows(file);
  for (auto& [content, found] : contents_) {
    check_presence(content, found);
    check_forgotten(content, found);
    check_receipts(found, file);
  }
  check_order();
  check_commits();
  check_counters(file);
  for (auto& x : snapshots_) {
    auto is_prefix
      = x.rows.size() <= file.entries.size()
        && std::equal(x.rows.begin(), x.rows.end(), file.entries.begin());
    complaints_.expect(is_prefix, "a snapshot of "
                                    + std::to_string(x.rows.size())
                                    + " rows was never what the file held");
  }
}

void entry_book::check_snapshot(const entry_snapshot& what) {
  std::map<uint64_t, uint32_t> seen;
  for (auto& row : what.rows)
    ++seen[row.content];
  for (auto& [content, found] : contents_) {
    auto there = seen.count(content) > 0 ? seen[content] : 0;
    auto sent_before = false;
    for (auto which : found.requests) {
      auto& x = requests_[which];
      sent_before |= x.what.when.sent < what.arrived;
      complaints_.expect(there == 0 || there == x.what.rows,
                         name_of(content) + ": a snapshot has "
                           + std::to_string(there) + " of its rows");
      complaints_.expect(there > 0 || x.fate != fate::acknowledged
                           || x.what.when.arrived > what.sent,
                         name_of(content)
                           + ": acknowledged before the snapshot, not in it");
    }
    complaints_.expect(there == 0 || sent_before,
                       name_of(content) + ": in a snapshot before it was sent");
  }
}

// Rows of one message stand side by side.
void entry_book::find_rows(const file_content& file) {
  for (size_t i = 0; i < file.entries.size(); ++i) {
    auto& row = file.entries[i];
    auto found = contents_.find(row.content);
    if (!complaints_.expect(found != contents_.end(),
                            name_of(row.content) + ": not written by any step"))
      continue;
    auto& x = found->second;
    if (x.rows == 0)
      x.first_row = i;
    complaints_.expect(row.part == x.rows + 1 && i == x.first_row + x.rows,
                       name_of(row.content) + ": part "
                         + std::to_string(row.part) + " stands in row "
                         + std::to_string(row.id));
    ++x.rows;
  }
  for (auto content : file.letters)
    ++contents_[content].letters;
}

void entry_book::check_presence(uint64_t content, const content_record& found) {
  auto must = found.replayed;
  auto may = found.replayed;
  uint32_t rows = 0;
  for (auto which : found.requests) {
    auto& x = requests_[which];
    rows = x.what.rows;
    must |= x.fate == fate::acknowledged;
    may |= x.fate != fate::refused;
    complaints_.expect(x.what.forgotten || x.fate != fate::waiting,
                       name_of(content) + ": never answered");
  }
  complaints_.expect(found.rows == 0 || found.rows == rows,
                     name_of(content) + ": " + std::to_string(found.rows)
                       + " of " + std::to_string(rows) + " rows are there");
  complaints_.expect(found.rows > 0 || !must,
                     name_of(content) + ": acknowledged, but not there");
  complaints_.expect(found.rows == 0 || may,
                     name_of(content) + ": refused, but there");
}

// A request without a caller is written or a dead letter: one of them, once.
void entry_book::check_forgotten(uint64_t content,
                                 const content_record& found) {
  auto forgotten = !found.requests.empty()
                   && requests_[found.requests.front()].what.forgotten;
  auto there = (found.rows > 0 ? 1 : 0) + found.letters;
  if (!forgotten) {
    complaints_.expect(found.letters == 0,
                       name_of(content) + ": awaited, and a dead letter");
    return;
  }
  auto may_be_gone = found.discarded || found.in_doubt
                     || requests_[found.requests.front()].may_be_refused;
  complaints_.expect(there <= 1, name_of(content) + ": written or buried "
                                   + std::to_string(there) + " times");
  complaints_.expect(there == 1 || may_be_gone,
                     name_of(content) + ": neither written nor a dead letter");
  complaints_.expect(!found.discarded || there == 0,
                     name_of(content) + ": discarded, but still there");
  if (found.rows > 0 && !found.replayed)
    ++forgotten_and_done_;
}

void entry_book::check_receipts(const content_record& found,
                                const file_content& file) {
  const record* first = nullptr;
  size_t originals = 0;
  for (auto which : found.requests) {
    auto& x = requests_[which];
    if (x.fate != fate::acknowledged || found.rows == 0)
      continue;
    check_receipt(x, &file.entries[found.first_row], found.rows);
    originals += x.receipt.repeated ? 0 : 1;
    if (first == nullptr)
      first = &x;
    complaints_.expect(same(first->receipt, x.receipt),
                       name_of(x.what.content) + ": two receipts for one key");
  }
  complaints_.expect(originals <= 1,
                     "one key, two receipts that say they are the first");
}

void entry_book::check_receipt(const record& x, const entry_row* first,
                               size_t rows) {
  auto name = name_of(x.what.content);
  auto last = first[rows - 1].id;
  complaints_.expect(x.receipt.changes == x.what.changes,
                     name + ": the receipt says "
                       + std::to_string(x.receipt.changes) + " changes");
  complaints_.expect(x.receipt.last_insert_rowid == last,
                     name + ": the receipt names row "
                       + std::to_string(x.receipt.last_insert_rowid)
                       + ", the file " + std::to_string(last));
  complaints_.expect(x.what.has_key || !x.receipt.repeated,
                     name + ": repeated without a key");
  complaints_.expect(
    x.returned.empty()
      || std::equal(x.returned.begin(), x.returned.end(), first, first + rows),
    name + ": other rows were returned");
}

// -- order --------------------------------------------------------------------------

// What was sent twice or replayed is there in the place of one of them.
void entry_book::check_order() {
  std::map<std::pair<uint32_t, priority>, const content_record*> last;
  for (auto& x : requests_) {
    auto& found = contents_[x.what.content];
    auto is_plain = found.requests.size() == 1 && !found.replayed;
    if (!is_plain || found.rows == 0)
      continue;
    auto& before = last[{x.what.when.sender, x.what.priority}];
    complaints_.expect(before == nullptr || before->first_row < found.first_row,
                       name_of(x.what.content)
                         + ": overtook an earlier one of sender "
                         + std::to_string(x.what.when.sender));
    before = &found;
  }
}

void entry_book::check_commits() {
  std::map<size_t, uint64_t> commits;
  for (auto& x : requests_)
    if (x.fate == fate::acknowledged)
      commits[contents_[x.what.content].first_row] = x.receipt.commit;
  uint64_t last = 1;
  for (auto& [row, commit] : commits) {
    complaints_.expect(commit >= last, "commit " + std::to_string(commit)
                                         + " wrote rows behind those of "
                                         + std::to_string(last));
    last = commit;
  }
}

// A counter is moved on by messages that are there, and by each once.
void entry_book::check_counters(const file_content& file) {
  std::map<std::pair<int, uint64_t>, uint64_t> movers;
  std::array<uint64_t, counter_count> moves{};
  for (auto& x : requests_) {
    if (x.what.counter < 0 || contents_[x.what.content].rows == 0)
      continue;
    ++moves.at(static_cast<size_t>(x.what.counter));
    if (x.fate == fate::acknowledged)
      ++movers[{x.what.counter, x.what.version}];
  }
  for (auto& [version, count] : movers)
    complaints_.expect(count == 1, "version " + std::to_string(version.second)
                                     + " of a counter was moved on by "
                                     + std::to_string(count));
  for (size_t i = 0; i < moves.size(); ++i)
    complaints_.expect(moves[i] == file.versions[i],
                       "counter " + std::to_string(i) + " is at "
                         + std::to_string(file.versions[i]) + " after "
                         + std::to_string(moves[i]) + " moves");
}

} // namespace onewriter::test
