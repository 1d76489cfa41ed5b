#pragma once

#include "onewriter/compat/inspection.hpp"

#include <caf/actor.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace onewriter {

/// What an alert is about. Values are wire format: append, never renumber.
enum class alert_kind : uint8_t {
  /// Many writes are waiting.
  pending_writes,
  /// A write has waited for too long.
  oldest_pending,
  /// A write without a waiting caller has failed permanently.
  dead_letters,
  /// The write-ahead log is large.
  wal_size,
  /// A query or a cursor has been reading for too long.
  oldest_reader,
  /// The writer or a reader was restarted.
  restarts,
  /// Requests are being refused or dropped.
  refusals,
  /// A statement was slow.
  slow_statement,
  /// The database has stopped working and does not recover by itself.
  failed,
};

inline constexpr uint8_t alert_kind_count
  = static_cast<uint8_t>(alert_kind::failed) + 1;

std::string to_string(alert_kind x);

bool from_string(std::string_view str, alert_kind& x);

bool from_integer(uint8_t value, alert_kind& x);

template <class Inspector>
auto inspect(Inspector& f, alert_kind& x)
  -> decltype(compat::inspect_enum(f, x)) {
  return compat::inspect_enum(f, x);
}

/// Reports that a threshold was crossed.
struct alert {
  alert_kind kind = alert_kind::pending_writes;
  /// False when the alert is cleared.
  bool raised = true;
  /// The measured value and its threshold; durations in seconds, sizes in
  /// bytes.
  double measured = 0;
  double threshold = 0;
  /// Text for people: what happened and where to look.
  std::string message;
  /// The time, in milliseconds since 1970.
  int64_t unix_ms = 0;
};

template <class Inspector>
auto inspect(Inspector& f, alert& x) {
  return compat::inspect_object(
    f, x, compat::field("kind", x.kind), compat::field("raised", x.raised),
    compat::field("measured", x.measured),
    compat::field("threshold", x.threshold),
    compat::field("message", x.message), compat::field("unix_ms", x.unix_ms));
}

/// Asks to send every `alert` to `listener`, until it terminates or
/// unsubscribes; alerts that are raised already are sent at once. Reply:
/// nothing. Retry: safe, a listener is subscribed once.
struct subscribe {
  caf::actor listener;
};

template <class Inspector>
auto inspect(Inspector& f, subscribe& x) {
  return compat::inspect_object(f, x, compat::field("listener", x.listener));
}

/// Asks to stop sending alerts to `listener`. Reply: nothing. Retry: safe.
struct unsubscribe {
  caf::actor listener;
};

template <class Inspector>
auto inspect(Inspector& f, unsubscribe& x) {
  return compat::inspect_object(f, x, compat::field("listener", x.listener));
}

} // namespace onewriter
