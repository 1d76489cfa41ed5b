#pragma once

#include "onewriter/compat/inspection.hpp"
#include "onewriter/ec.hpp"
#include "onewriter/write.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace onewriter {

/// A request without a waiting caller that failed permanently, with everything
/// needed to run it again. Kept in the table `onewriter_dead_letter`.
struct dead_letter {
  int64_t id = 0;
  /// The write; empty if a function was called.
  std::vector<statement> statements;
  /// The function; empty if statements were run.
  std::string function;
  std::vector<value> arguments;
  enum priority priority = priority::normal;
  std::string idempotency_key;
  /// The last error.
  ec code = ec::none;
  /// Rendering of the error, without any values.
  std::string error;
  /// Number of attempts, replays included.
  uint32_t attempts = 0;
  /// When it was first received and last tried, in milliseconds since 1970.
  int64_t first_unix_ms = 0;
  int64_t last_unix_ms = 0;
  /// Whether the list omits its statements and values, because they exceed
  /// `max-result-bytes` by themselves. It can be replayed and discarded like
  /// any other; its values are in `onewriter_dead_letter_parameter`.
  bool is_cut = false;
};

template <class Inspector>
auto inspect(Inspector& f, dead_letter& x) {
  return compat::inspect_object(
    f, x, compat::field("id", x.id), compat::field("statements", x.statements),
    compat::field("function", x.function),
    compat::field("arguments", x.arguments),
    compat::field("priority", x.priority),
    compat::field("idempotency_key", x.idempotency_key),
    compat::field("code", x.code), compat::field("error", x.error),
    compat::field("attempts", x.attempts),
    compat::field("first_unix_ms", x.first_unix_ms),
    compat::field("last_unix_ms", x.last_unix_ms),
    compat::field("is_cut", x.is_cut));
}

/// Asks for dead letters in the order of their numbers. Reply: `dead_letters`,
/// at most `max-result-bytes`. Retry: safe. Error: `ec::deadline_exceeded`
/// after `query-deadline`.
struct list_dead_letters {
  /// Only letters with a number greater than this are returned.
  int64_t after = 0;
  /// Maximum number of letters, 1 to 10,000.
  uint32_t limit = 100;
};

template <class Inspector>
auto inspect(Inspector& f, list_dead_letters& x) {
  return compat::inspect_object(f, x, compat::field("after", x.after),
                                compat::field("limit", x.limit));
}

struct dead_letters {
  std::vector<dead_letter> letters;
  /// Whether further letters did not fit: ask again, `after` the last one. The
  /// first letter is always included, if necessary without its values.
  bool truncated = false;
};

template <class Inspector>
auto inspect(Inspector& f, dead_letters& x) {
  return compat::inspect_object(f, x, compat::field("letters", x.letters),
                                compat::field("truncated", x.truncated));
}

/// Asks to run a dead letter again and to remove it, in one transaction. Reply:
/// a `write_receipt`; if it fails again, the letter stays with its error and
/// attempts updated, and the error is the reply. Retry: safe, a letter is
/// replayed once (`ec::no_such_dead_letter`).
struct replay_dead_letter {
  int64_t id = 0;
};

template <class Inspector>
auto inspect(Inspector& f, replay_dead_letter& x) {
  return compat::inspect_object(f, x, compat::field("id", x.id));
}

/// Asks to remove a dead letter. Reply: a `write_receipt`. Retry: safe. Error:
/// `ec::no_such_dead_letter`.
struct discard_dead_letter {
  int64_t id = 0;
};

template <class Inspector>
auto inspect(Inspector& f, discard_dead_letter& x) {
  return compat::inspect_object(f, x, compat::field("id", x.id));
}

} // namespace onewriter
