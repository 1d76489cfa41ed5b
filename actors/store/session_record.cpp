// The format: a version byte, then the numbers that are stored apart, then the
// receipts, each preceded by how many there are. All integers are compact.
//
// A range of numbers: how many numbers lie between it and the range before, and
//   how many it has, less one.
// A receipt: twice how many numbers lie between it and the receipt before, plus
//   one where it has rows; how much larger its commit, its changes and its
//   rowid are, the first and the last than those of the receipt before; its
//   rows.
//
// What comes first counts from the mark `settled`, and from zero.
#include "actors/store/session_record.hpp"

#include "actors/store/decoder.hpp"
#include "actors/store/encoder.hpp"
#include "onewriter/failure.hpp"

namespace onewriter {

namespace {

constexpr uint8_t record_version = 1;

// Differences wrap around, as do the sums that undo them.
int64_t difference(uint64_t x, uint64_t y) {
  return static_cast<int64_t>(x - y);
}

uint64_t sum(uint64_t x, int64_t difference) {
  return x + static_cast<uint64_t>(difference);
}

// Numbers in ascending order, as gaps between them.
class number_reader {
public:
  explicit number_reader(uint64_t first) : next_{first} {
    // nop
  }

  /// Returns the number behind `gap`.
  uint64_t skip(uint64_t gap) {
    constexpr auto most = most_session_number;
    is_good_ = is_good_ && next_ <= most && gap <= most - next_;
    if (!is_good_)
      return 0;
    next_ += gap + 1;
    return next_ - 1;
  }

  bool is_good() const {
    return is_good_;
  }

private:
  uint64_t next_;
  bool is_good_ = true;
};

void put_ranges(encoder& out, uint64_t settled, const number_set& xs) {
  auto next = settled;
  out.put(uint64_t{xs.ranges().size()});
  for (auto& x : xs.ranges()) {
    out.put(x.first - next);
    out.put(x.last - x.first);
    next = x.last + 1;
  }
}

void put_receipts(encoder& out, uint64_t settled,
                  const std::vector<session_receipt>& xs) {
  auto next = settled;
  session_receipt before;
  out.put(uint64_t{xs.size()});
  for (auto& x : xs) {
    out.put((x.number - next) * 2 + (x.returned.empty() ? 0 : 1));
    out.put(difference(x.commit, before.commit));
    out.put(x.changes);
    out.put(difference(static_cast<uint64_t>(x.last_insert_rowid),
                       static_cast<uint64_t>(before.last_insert_rowid)));
    if (!x.returned.empty())
      out.put(x.returned);
    next = x.number + 1;
    before.commit = x.commit;
    before.last_insert_rowid = x.last_insert_rowid;
  }
}

bool get_ranges(decoder& in, uint64_t settled, number_set& to) {
  number_reader numbers{settled};
  uint64_t count = 0;
  for (in.get(count); count > 0 && in.ok() && numbers.is_good(); --count) {
    uint64_t gap = 0;
    uint64_t more = 0;
    in.get(gap);
    in.get(more);
    auto first = numbers.skip(gap);
    to.append({first, more == 0 ? first : numbers.skip(more - 1)});
  }
  return numbers.is_good();
}

session_receipt get_receipt(decoder& in, number_reader& numbers,
                            const session_receipt& before) {
  session_receipt result;
  uint64_t gap = 0;
  int64_t commits = 0;
  int64_t rowids = 0;
  in.get(gap);
  in.get(commits);
  in.get(result.changes);
  in.get(rowids);
  result.number = numbers.skip(gap / 2);
  result.commit = sum(before.commit, commits);
  result.last_insert_rowid = static_cast<int64_t>(
    sum(static_cast<uint64_t>(before.last_insert_rowid), rowids));
  if (gap % 2 != 0)
    in.get(result.returned);
  return result;
}

bool get_receipts(decoder& in, uint64_t settled,
                  std::vector<session_receipt>& to) {
  number_reader numbers{settled};
  session_receipt before;
  uint64_t count = 0;
  for (in.get(count); count > 0 && in.ok() && numbers.is_good(); --count) {
    to.push_back(get_receipt(in, numbers, before));
    before.commit = to.back().commit;
    before.last_insert_rowid = to.back().last_insert_rowid;
  }
  return numbers.is_good();
}

bool are_readable(const std::vector<session_receipt>& xs) {
  for (auto& x : xs)
    if (!x.returned.empty() && !to_write_receipt(x))
      return false;
  return true;
}

caf::error damaged() {
  return make_failure(ec::corrupt, "the receipts stored for a session cannot "
                                   "be read");
}

} // namespace

blob encode(const session_record& x) {
  encoder out{integer_format::compact};
  out.put_byte(record_version);
  put_ranges(out, x.settled, x.apart);
  put_receipts(out, x.settled, x.receipts);
  return out.take();
}

caf::expected<session_record> decode_session(uint64_t settled,
                                             const blob& bytes) {
  decoder in{bytes, integer_format::compact};
  session_record result;
  result.settled = settled;
  auto is_good = settled <= most_session_number
                 && in.get_byte() == record_version
                 && get_ranges(in, settled, result.apart)
                 && get_receipts(in, settled, result.receipts) && in.ok()
                 && in.at_end() && are_readable(result.receipts);
  if (!is_good)
    return damaged();
  return result;
}

session_receipt to_session_receipt(uint64_t number, const write_receipt& x) {
  session_receipt result{number, x.commit, x.changes, x.last_insert_rowid, {}};
  if (x.returned.empty())
    return result;
  encoder out{integer_format::compact};
  out.put(x.returned);
  result.returned = out.take();
  return result;
}

caf::expected<write_receipt> to_write_receipt(const session_receipt& x) {
  write_receipt result;
  result.commit = x.commit;
  result.changes = x.changes;
  result.last_insert_rowid = x.last_insert_rowid;
  if (x.returned.empty())
    return result;
  decoder in{x.returned, integer_format::compact};
  in.get(result.returned);
  if (!in.ok() || !in.at_end())
    return damaged();
  return result;
}

} // namespace onewriter
