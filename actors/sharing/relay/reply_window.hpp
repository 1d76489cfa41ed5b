#pragma once

#include "actors/sharing/relay/batches.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

namespace onewriter {

/// The replies that a session sends next, and how many bytes of those that it
/// has sent the other process has not acknowledged. Belongs to the session.
class reply_window {
public:
  /// `most_bytes` may be on their way, and twice as much where it cannot be
  /// avoided.
  explicit reply_window(uint64_t most_bytes) : most_bytes_{most_bytes} {
    // nop
  }

  void add(uint64_t number, caf::message content, size_t bytes) {
    next_.others.push_back({number, std::move(content)});
    count(bytes);
  }

  void add(reply_batch& from) {
    append(next_.receipts, from.receipts);
    append(next_.others, from.others);
    count(from.bytes);
  }

  /// Returns what has been added since the last call.
  reply_batch take() {
    return std::exchange(next_, {});
  }

  bool has_any() const {
    return !is_empty(next_);
  }

  /// The other process has acknowledged `bytes` in all.
  void taken(uint64_t bytes) {
    taken_ = std::min(std::max(taken_, bytes), sent_);
  }

  uint64_t untaken() const {
    return sent_ - taken_;
  }

  /// Whether a result of `bytes` fits. One may be larger by itself.
  bool has_room_for(size_t bytes) const {
    return untaken() == 0 || untaken() + bytes <= most_bytes_;
  }

  /// Whether the other process takes so little that it must be dropped.
  bool is_overfull() const {
    return untaken() > 2 * most_bytes_;
  }

private:
  template <class T>
  static void append(std::vector<T>& to, std::vector<T>& from) {
    if (to.empty())
      return to.swap(from);
    to.insert(to.end(), std::make_move_iterator(from.begin()),
              std::make_move_iterator(from.end()));
  }

  void count(uint64_t bytes) {
    next_.bytes += bytes;
    sent_ += bytes;
  }

  uint64_t most_bytes_;
  reply_batch next_;
  uint64_t sent_ = 0;
  uint64_t taken_ = 0;
};

} // namespace onewriter
