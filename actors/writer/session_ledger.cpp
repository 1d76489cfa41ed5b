#include "actors/writer/session_ledger.hpp"

#include "onewriter/failure.hpp"

#include <algorithm>
#include <utility>

namespace onewriter {

namespace {

/// Rows of a receipt that take more, when encoded, are stored apart once and
/// not with each commit until the receipt is settled.
constexpr size_t most_inline_rows = 256;

/// Where a row has more receipts than that, the older half is stored apart, so
/// that one request without an answer does not let the row, which each commit
/// rewrites, grow for ever. Twice as many as a process may have on its way: as
/// many again may be answered and not settled yet.
constexpr size_t most_row_bytes = 128 * 1024;

/// Without its rows, and at most 40 where numbers and rowids are far apart.
/// Then a row is still well below SQLite's least limit, 1 MiB.
constexpr size_t bytes_per_receipt = 16;

/// A row whose gaps alone take so much cannot be made smaller.
constexpr size_t most_gap_bytes = 512 * 1024;

template <class Receipts, class Number>
auto place_of(Receipts& xs, uint64_t number, Number number_of) {
  // Most numbers are new.
  if (xs.empty() || number_of(xs.back()) < number)
    return xs.end();
  return std::lower_bound(
    xs.begin(), xs.end(), number,
    [&](auto& x, uint64_t y) { return number_of(x) < y; });
}

uint64_t number_of_receipt(const session_receipt& x) {
  return x.number;
}

caf::expected<std::optional<write_receipt>>
as_repeated(caf::expected<write_receipt> found) {
  if (!found)
    return std::move(found.error());
  found->repeated = true;
  return std::optional<write_receipt>{std::move(*found)};
}

caf::error position_problem(const session_position& position,
                            uint64_t settled) {
  if (position.number > most_session_number)
    return make_failure(ec::invalid_argument,
                        "the number in its session is out of range");
  if (position.number < std::max(settled, position.settled))
    return make_failure(ec::invalid_argument,
                        "the number in its session is settled: it had its "
                        "answer before");
  return {};
}

caf::error too_many_gaps() {
  return make_failure(ec::overloaded,
                      "the session has too many numbers that are neither "
                      "settled nor took effect");
}

// What is kept for a session in memory.
size_t memory_of(const stored_session& x) {
  return sizeof(x) + x.bytes
         + x.record.receipts.size() * sizeof(session_receipt)
         + x.record.apart.ranges().size() * sizeof(number_set::range);
}

size_t bytes_of_receipts(const std::vector<session_receipt>& xs) {
  auto result = xs.size() * bytes_per_receipt;
  for (auto& x : xs)
    result += x.returned.size();
  return result;
}

size_t bytes_of_rows(const write_receipt& x) {
  size_t result = 0;
  for (auto& rows : x.returned)
    result += rows.bytes();
  return result;
}

} // namespace

session_ledger::session_ledger(sqlite::connection& db, size_t most_bytes)
  : db_{db},
    most_bytes_{most_bytes} {
  // nop
}

// -- one request ----------------------------------------------------------------

caf::expected<std::optional<write_receipt>>
session_ledger::find(const session_position& position) {
  auto used = use(*position.session);
  if (!used)
    return used.error();
  auto& what = **used;
  auto number = position.number;
  if (auto err = position_problem(position, what.settled); err != caf::none)
    return err;
  auto added = place_of(what.added, number, [](const added_receipt& x) {
    return x.receipt.number;
  });
  auto is_added = added != what.added.end() && added->receipt.number == number;
  auto& record = what.stored.record;
  if (is_added ? added->is_apart : record.apart.has(number))
    return as_repeated(find_apart(db_, what.name, number));
  if (is_added)
    return as_repeated(to_write_receipt(added->receipt));
  auto stored = place_of(record.receipts, number, number_of_receipt);
  if (stored != record.receipts.end() && stored->number == number)
    return as_repeated(to_write_receipt(*stored));
  if (what.stored.bytes > most_gap_bytes)
    return too_many_gaps();
  return std::optional<write_receipt>{};
}

caf::error session_ledger::propose(const session_position& position,
                                   const write_receipt& receipt) {
  auto found = places_.find(*position.session);
  auto& what = *found->second;
  // Memory takes more than the encoded form, but not much more.
  constexpr size_t times = 16;
  auto is_large = bytes_of_rows(receipt) > times * most_inline_rows;
  if (!is_large) {
    proposed_.receipt = to_session_receipt(position.number, receipt);
    is_large = proposed_.receipt.returned.size() > most_inline_rows;
  }
  if (is_large) {
    auto err = store_apart(db_, what.name, position.number, receipt);
    if (err != caf::none)
      return err;
    proposed_.receipt = {position.number, 0, 0, 0, {}};
  }
  proposed_.is_apart = is_large;
  proposed_mark_ = position.settled;
  proposed_for_ = &what;
  return {};
}

void session_ledger::confirm() {
  if (proposed_for_ == nullptr)
    return;
  auto& what = *proposed_for_;
  if (!what.is_touched) {
    touched_.push_back(&what);
    what.is_touched = true;
  }
  auto number = proposed_.receipt.number;
  auto place = place_of(what.added, number, [](const added_receipt& x) {
    return x.receipt.number;
  });
  what.added.insert(place, std::move(proposed_));
  what.settled = std::max(what.settled, proposed_mark_);
  proposed_for_ = nullptr;
}

// Returns the session, from memory or from the file.
caf::expected<session_ledger::entry*>
session_ledger::use(const session_name& name) {
  auto found = places_.find(name);
  if (found != places_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    return &*found->second;
  }
  auto loaded = load_session(db_, name);
  if (!loaded)
    return loaded.error();
  entries fresh(1);
  auto place = fresh.begin();
  place->name = name;
  place->settled = loaded->record.settled;
  place->stored = std::move(*loaded);
  places_.emplace(name, place);
  bytes_ += memory_of(place->stored);
  entries_.splice(entries_.begin(), fresh);
  return &*place;
}

// -- the transaction ------------------------------------------------------------

caf::error session_ledger::save() {
  for (auto what : touched_) {
    auto err = merge(*what);
    if (err == caf::none)
      err = store_session(db_, what->name, what->next);
    if (err != caf::none)
      return err;
  }
  return {};
}

// Makes `next` of what is stored and what was added.
caf::error session_ledger::merge(entry& what) {
  auto& from = what.stored.record;
  auto& to = what.next.record;
  what.next.used_unix_ms = what.stored.used_unix_ms;
  to.settled = what.settled;
  to.apart = from.apart;
  auto kept
    = std::lower_bound(from.receipts.begin(), from.receipts.end(), what.settled,
                       [](auto& x, uint64_t y) { return x.number < y; });
  to.receipts.assign(kept, from.receipts.end());
  auto middle = static_cast<std::ptrdiff_t>(to.receipts.size());
  for (auto& x : what.added)
    if (x.is_apart)
      to.apart.add(x.receipt.number);
    else if (x.receipt.number >= what.settled)
      to.receipts.push_back(x.receipt);
  to.apart.remove_below(what.settled);
  auto is_before = [](const session_receipt& x, const session_receipt& y) {
    return x.number < y.number;
  };
  std::inplace_merge(to.receipts.begin(), to.receipts.begin() + middle,
                     to.receipts.end(), is_before);
  return move_apart(what);
}

// Moves the receipts that the row has no room for.
caf::error session_ledger::move_apart(entry& what) {
  auto& record = what.next.record;
  while (!record.receipts.empty()
         && bytes_of_receipts(record.receipts) > most_row_bytes) {
    auto half = (record.receipts.size() + 1) / 2;
    auto end = record.receipts.begin() + static_cast<std::ptrdiff_t>(half);
    for (auto x = record.receipts.begin(); x != end; ++x) {
      auto receipt = to_write_receipt(*x);
      if (!receipt)
        return receipt.error();
      auto err = store_apart(db_, what.name, x->number, *receipt);
      if (err != caf::none)
        return err;
      record.apart.add(x->number);
    }
    record.receipts.erase(record.receipts.begin(), end);
  }
  return {};
}

void session_ledger::committed() noexcept {
  for (auto what : touched_) {
    bytes_ -= memory_of(what->stored);
    what->stored = std::move(what->next);
    bytes_ += memory_of(what->stored);
  }
  end_transaction();
}

void session_ledger::undone() noexcept {
  end_transaction();
}

void session_ledger::end_transaction() noexcept {
  for (auto what : touched_) {
    what->next = {};
    what->added = {};
    what->settled = what->stored.record.settled;
    what->is_touched = false;
  }
  touched_.clear();
  withdraw();
  shrink();
}

void session_ledger::shrink() noexcept {
  while (bytes_ > most_bytes_ && entries_.size() > 1) {
    auto& oldest = entries_.back();
    bytes_ -= memory_of(oldest.stored);
    places_.erase(oldest.name);
    entries_.pop_back();
  }
}

} // namespace onewriter
