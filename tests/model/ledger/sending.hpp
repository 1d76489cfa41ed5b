#pragma once

#include <cstdint>
#include <limits>

namespace onewriter::test {

/// Counts what the test has done: the time as the test knows it.
using moment = uint64_t;

inline constexpr moment never = std::numeric_limits<moment>::max();

/// When a message was sent, its sender, and from when on it is certain that the
/// database has received it: with the reply to it or to a later one of the same
/// sender.
struct sending {
  uint32_t sender = 0;
  moment sent = 0;
  moment arrived = never;
};

/// Whether `x` reached the database before `y` in every run. Where neither
/// precedes the other both orders are legal.
inline bool precedes(const sending& x, const sending& y) {
  return x.arrived < y.sent || (x.sender == y.sender && x.sent < y.sent);
}

} // namespace onewriter::test
