#include "app/demo/core/peer_record.hpp"

#include <algorithm>

namespace onewriter::node {

namespace {

// The finalizer of SplitMix64: every bit of the input changes half of the
// output.
uint64_t mixed(uint64_t x) {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

bool has(const std::vector<uint64_t>& numbers, uint64_t x) {
  return std::binary_search(numbers.begin(), numbers.end(), x);
}

} // namespace

uint64_t session_mark(int64_t peer, uint64_t number, int64_t id) {
  return mixed(mixed(mixed(static_cast<uint64_t>(peer)) ^ number)
               ^ static_cast<uint64_t>(id));
}

session_audit::session_audit(const std::vector<peer_record>& ledgers)
  : ledgers_{ledgers},
    next_{ledgers.begin()} {
  // nop
}

void session_audit::row(int64_t peer, uint64_t number, int64_t id) {
  if (result_.rows++ == 0 || peer != peer_)
    begin_peer(peer);
  if (current_ == nullptr || number < 1 || number > current_->sent
      || has(current_->refused, number)) {
    ++result_.unexpected;
    return;
  }
  if (number == last_number_) {
    ++result_.doubled;
    return;
  }
  result_.disordered += id < last_id_ ? 1 : 0;
  last_number_ = number;
  last_id_ = id;
  if (is_acknowledged(number)) {
    ++found_;
    marks_ += session_mark(peer, number, id);
  }
}

session_audit::verdict session_audit::finish() {
  end_peer();
  for (; next_ != ledgers_.end(); ++next_)
    result_.missing += next_->acknowledged();
  return result_;
}

// Peers that were passed over have no rows at all.
void session_audit::begin_peer(int64_t peer) {
  end_peer();
  peer_ = peer;
  for (; next_ != ledgers_.end() && next_->peer < peer; ++next_)
    result_.missing += next_->acknowledged();
  if (next_ != ledgers_.end() && next_->peer == peer)
    current_ = &*next_++;
  last_number_ = 0;
  last_id_ = 0;
  found_ = 0;
  marks_ = 0;
}

void session_audit::end_peer() {
  if (current_ == nullptr)
    return;
  result_.missing += current_->acknowledged() - found_;
  result_.mistaken += marks_ == current_->marks ? 0 : 1;
  current_ = nullptr;
}

bool session_audit::is_acknowledged(uint64_t number) const {
  return !has(current_->unknown, number);
}

} // namespace onewriter::node
