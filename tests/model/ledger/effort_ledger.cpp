#include "tests/model/ledger/effort_ledger.hpp"

#include <algorithm>
#include <utility>

namespace onewriter::test {

namespace {

uint64_t dropped(const best_effort_counts& x) {
  return x.dropped_full + x.dropped_too_big + x.dropped_closed
         + x.dropped_unknown;
}

} // namespace

void effort_ledger::sent(sending when, uint64_t number, std::string key,
                         bool bad) {
  messages_[number] = message{when, std::move(key), bad, 0};
  ++sent_since_open_;
}

void effort_ledger::heard(uint32_t sender, moment sent, moment now) {
  for (auto& [number, x] : messages_)
    if (x.when.sender == sender && x.when.sent < sent
        && x.when.arrived == never)
      x.when.arrived = now;
}

void effort_ledger::closed(const best_effort_counts& counts) {
  auto sent = std::exchange(sent_since_open_, 0);
  complaints_.expect(counts.submitted == sent,
                     std::to_string(sent) + " best-effort messages, counted as "
                       + std::to_string(counts.submitted));
  auto settled
    = counts.written + counts.coalesced + counts.failed + dropped(counts);
  complaints_.expect(settled == counts.submitted && counts.pending == 0,
                     "of " + std::to_string(counts.submitted)
                       + " best-effort messages " + std::to_string(settled)
                       + " were settled and " + std::to_string(counts.pending)
                       + " are pending");
  total_.written += counts.written;
  total_.coalesced += counts.coalesced;
  total_.failed += counts.failed;
  total_.dropped_full += counts.dropped_full;
  total_.dropped_too_big += counts.dropped_too_big;
  total_.dropped_closed += counts.dropped_closed;
  total_.dropped_unknown += counts.dropped_unknown;
}

void effort_ledger::check(const file_content& file) {
  find_rows(file);
  check_counts(file.efforts.size());
  std::map<std::string, std::vector<const message*>> by_key;
  for (auto& [number, x] : messages_)
    if (!x.key.empty() && !x.bad)
      by_key[x.key].push_back(&x);
  for (auto& [key, of_key] : by_key) {
    check_order(of_key);
    if (dropped(total_) == 0)
      check_last(of_key);
  }
}

void effort_ledger::find_rows(const file_content& file) {
  size_t place = 0;
  for (auto& row : file.efforts) {
    auto found = messages_.find(row.number);
    auto name = "best-effort message " + std::to_string(row.number);
    ++place;
    if (!complaints_.expect(found != messages_.end(), name + ": never sent"))
      continue;
    auto& x = found->second;
    complaints_.expect(x.place == 0, name + ": written twice");
    complaints_.expect(!x.bad && x.key == row.key, name + ": is another");
    x.place = place;
  }
}

void effort_ledger::check_counts(size_t rows) {
  auto keyed = std::count_if(messages_.begin(), messages_.end(),
                             [](auto& x) { return !x.second.key.empty(); });
  auto bad = std::count_if(messages_.begin(), messages_.end(),
                           [](auto& x) { return x.second.bad; });
  complaints_.expect(
    total_.written <= rows && rows <= total_.written + total_.dropped_unknown,
    std::to_string(rows) + " best-effort messages are there, "
      + std::to_string(total_.written) + " were counted, and "
      + std::to_string(total_.dropped_unknown) + " as unknown");
  complaints_.expect(total_.coalesced <= static_cast<uint64_t>(keyed),
                     "messages without a key were coalesced");
  complaints_.expect(total_.failed <= static_cast<uint64_t>(bad)
                       && total_.failed + dropped(total_)
                            >= static_cast<uint64_t>(bad),
                     std::to_string(bad) + " best-effort messages had to fail, "
                       + std::to_string(total_.failed) + " did");
}

// Never backwards, even with gaps.
void effort_ledger::check_order(const std::vector<const message*>& of_key) {
  for (auto x : of_key)
    for (auto y : of_key)
      complaints_.expect(
        x->place == 0 || y->place == 0 || !precedes(x->when, y->when)
          || x->place < y->place,
        "key " + x->key + ": an older message replaced a newer one");
}

// Nothing was dropped, so the newest is there: one that none came after.
void effort_ledger::check_last(const std::vector<const message*>& of_key) {
  auto last
    = *std::max_element(of_key.begin(), of_key.end(),
                        [](auto x, auto y) { return x->place < y->place; });
  auto overtaken = std::any_of(of_key.begin(), of_key.end(), [&](auto x) {
    return precedes(last->when, x->when);
  });
  complaints_.expect(last->place > 0 && !overtaken,
                     "key " + last->key
                       + ": the newest message is neither written nor dropped");
}

} // namespace onewriter::test
