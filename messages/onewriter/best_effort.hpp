#pragma once

#include "onewriter/compat/inspection.hpp"
#include "onewriter/statement.hpp"

#include <cstddef>
#include <string>
#include <utility>

namespace onewriter {

/// Asks to run one statement if there is room for it. No reply.
///
/// At most once. The newest message of each key wins; under pressure the oldest
/// messages are dropped first. Every drop and every failure is counted by
/// reason in `statistics`. Retry: none.
struct best_effort {
  /// Messages with the same key replace each other while they wait; an empty
  /// key replaces nothing.
  std::string key;
  statement what;

  best_effort() = default;

  template <class... Ts>
  best_effort(std::string coalescing_key, std::string sql, Ts&&... xs)
    : key{std::move(coalescing_key)},
      what{std::move(sql), std::forward<Ts>(xs)...} {
    // nop
  }

  /// Returns the approximate size of the message in memory.
  size_t bytes() const {
    return sizeof(best_effort) + key.size() + what.bytes();
  }
};

template <class Inspector>
auto inspect(Inspector& f, best_effort& x) {
  return compat::inspect_object(f, x, compat::field("key", x.key),
                                compat::field("what", x.what));
}

} // namespace onewriter
