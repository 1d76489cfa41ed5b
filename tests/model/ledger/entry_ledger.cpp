#include "tests/model/ledger/entry_ledger.hpp"

#include "tests/oracle/write_verifier.hpp"

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

size_t entry_ledger::sent(entry_request what) {
  auto result = requests_.size();
  contents_[what.content].requests.push_back(result);
  if (what.forgotten)
    forgotten_.push_back(result);
  record added;
  added.what = what;
  requests_.push_back(std::move(added));
  return result;
}

void entry_ledger::acknowledged(size_t which, const write_receipt& receipt,
                                moment now) {
  auto& x = requests_[which];
  x.reply = reply_state::acknowledged;
  x.receipt = receipt;
  x.what.when.arrived = now;
}

void entry_ledger::refused(size_t which, moment now) {
  requests_[which].reply = reply_state::refused;
  requests_[which].what.when.arrived = now;
}

void entry_ledger::in_doubt(size_t which, moment now) {
  requests_[which].reply = reply_state::unknown;
  requests_[which].what.when.arrived = now;
}

void entry_ledger::returned(size_t which, std::vector<entry_row> rows) {
  requests_[which].returned = std::move(rows);
}

void entry_ledger::moved(size_t which, uint64_t version) {
  requests_[which].what.version = version;
}

void entry_ledger::replayed(uint64_t content) {
  auto& x = contents_[content];
  complaints_.expect(!std::exchange(x.replayed, true),
                     name_of(content) + ": its letter was replayed twice");
}

void entry_ledger::discarded(uint64_t content) {
  auto& x = contents_[content];
  complaints_.expect(!std::exchange(x.discarded, true),
                     name_of(content) + ": its letter was discarded twice");
}

void entry_ledger::letter_in_doubt(uint64_t content) {
  if (!std::exchange(contents_[content].in_doubt, true))
    ++letters_in_doubt_;
}

void entry_ledger::may_be_refused(size_t which) {
  requests_[which].may_be_refused = true;
}

void entry_ledger::saw(entry_snapshot what) {
  check_snapshot(what);
  snapshots_.push_back(std::move(what));
}

void entry_ledger::heard(uint32_t sender, moment sent, moment now) {
  for (auto which : forgotten_) {
    auto& when = requests_[which].what.when;
    if (when.sender == sender && when.sent < sent && when.arrived == never)
      when.arrived = now;
  }
}

uint64_t entry_ledger::version(int counter) const {
  uint64_t result = 0;
  for (auto& x : requests_)
    if (x.what.counter == counter && x.reply == reply_state::acknowledged)
      result = std::max(result, x.what.version + 1);
  return result;
}

// -- what must be true --------------------------------------------------------------

void entry_ledger::check(const file_content& file) {
  find_rows(file);
  check_writes(file);
  check_answers();
  for (auto& [content, found] : contents_) {
    check_forgotten(content, found);
    check_receipts(content, found, file);
  }
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

void entry_ledger::check_snapshot(const entry_snapshot& what) {
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
      complaints_.expect(there > 0 || x.reply != reply_state::acknowledged
                           || x.what.when.arrived > what.sent,
                         name_of(content)
                           + ": acknowledged before the snapshot, not in it");
    }
    complaints_.expect(there == 0 || sent_before,
                       name_of(content) + ": in a snapshot before it was sent");
  }
}

void entry_ledger::find_rows(const file_content& file) {
  std::vector<found_row> rows;
  for (auto& row : file.entries)
    rows.push_back({row.content, row.part});
  found_ = sort_by_write(rows);
  for (auto content : file.letters)
    ++contents_[content].letters;
}

void entry_ledger::check_writes(const file_content& file) {
  std::vector<write_record> sent;
  for (size_t i = 0; i < requests_.size(); ++i) {
    auto content = requests_[i].what.content;
    auto& x = contents_[content];
    if (x.requests.front() == i)
      sent.push_back(record_of(content, x));
  }
  write_demands demands;
  demands.last_commit = file.commit;
  for (auto& x : verify_writes(sent, found_, demands))
    complaints_.add(x.text);
}

// What was sent twice or replayed is there in the place of one of them. What
// one sender sends has an order within a priority.
write_record entry_ledger::record_of(uint64_t content,
                                     const content_record& x) const {
  auto& first = requests_[x.requests.front()].what;
  write_record result{content, no_sender, first.rows, reply_state::refused, 0};
  if (x.requests.size() == 1 && !x.replayed)
    result.sender
      = first.when.sender * 10 + static_cast<uint32_t>(first.priority);
  for (auto which : x.requests) {
    auto& request = requests_[which];
    if (request.reply == reply_state::acknowledged)
      result.commit = request.receipt.commit;
    if (request.reply == reply_state::acknowledged
        || result.reply == reply_state::refused)
      result.reply = request.reply;
  }
  if (x.replayed)
    result.reply = reply_state::acknowledged;
  return result;
}

void entry_ledger::check_answers() {
  for (auto& x : requests_)
    complaints_.expect(x.what.forgotten || x.reply != reply_state::waiting,
                       name_of(x.what.content) + ": never answered");
}

// A request without a caller is written or a dead letter: one of them, once.
void entry_ledger::check_forgotten(uint64_t content,
                                   const content_record& found) {
  auto forgotten = !found.requests.empty()
                   && requests_[found.requests.front()].what.forgotten;
  auto there = found_.count(content) + found.letters;
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
  if (found_.count(content) > 0 && !found.replayed)
    ++forgotten_and_done_;
}

void entry_ledger::check_receipts(uint64_t content, const content_record& found,
                                  const file_content& file) {
  auto place = found_.find(content);
  if (place == found_.end() || !place->second.is_regular)
    return;
  const record* first = nullptr;
  size_t originals = 0;
  for (auto which : found.requests) {
    auto& x = requests_[which];
    if (x.reply != reply_state::acknowledged)
      continue;
    check_receipt(x, &file.entries[place->second.place], place->second.rows);
    originals += x.receipt.repeated ? 0 : 1;
    if (first == nullptr)
      first = &x;
    complaints_.expect(same(first->receipt, x.receipt),
                       name_of(x.what.content) + ": two receipts for one key");
  }
  complaints_.expect(originals <= 1,
                     "one key, two receipts that say they are the first");
}

void entry_ledger::check_receipt(const record& x, const entry_row* first,
                                 size_t rows) {
  auto name = name_of(x.what.content);
  auto last = first[rows - 1].id;
  complaints_.expect(x.receipt.commit > 0, name + ": a receipt of no commit");
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

// A counter is moved on by messages that are there, and by each once.
void entry_ledger::check_counters(const file_content& file) {
  std::map<std::pair<int, uint64_t>, uint64_t> movers;
  std::array<uint64_t, counter_count> moves{};
  for (auto& x : requests_) {
    if (x.what.counter < 0 || found_.count(x.what.content) == 0)
      continue;
    ++moves.at(static_cast<size_t>(x.what.counter));
    if (x.reply == reply_state::acknowledged)
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
