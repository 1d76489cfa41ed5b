#pragma once

#include "onewriter/best_effort.hpp"
#include "onewriter/options.hpp"
#include "onewriter/statistics.hpp"
#include "onewriter/write.hpp"

#include <caf/error.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <variant>

namespace onewriter {

/// Counts the writes, calls, transactions and best-effort messages in flight to
/// one database, that is, not yet taken out of its mailbox. CAF's mailboxes
/// have no limit, so the sending thread keeps excess messages out. Shared by
/// all senders of the process and by the database. Thread-safe.
class flow_gate {
public:
  /// Admits `max_items` and `max_bytes` of writes and, likewise,
  /// `best_effort_items` and `best_effort_bytes`, of these at least the
  /// defaults: as much may be in flight as may be pending. A single message is
  /// always admitted, so that the database can report that it is too big.
  explicit flow_gate(const queue_options& limits);

  /// Counts in a write of `bytes`; false if a limit is exceeded.
  bool enter_write(uint64_t bytes);

  /// The same for a best-effort message.
  bool enter_best_effort(uint64_t bytes);

  /// Counts in `items` messages of `bytes` in all, also beyond the limits:
  /// they have been admitted before.
  void enter_anyway(uint64_t items, uint64_t bytes);

  /// Returns the error for the sender of a message that was not admitted.
  static caf::error refusal();

  /// Counts out a message of `bytes`.
  void leave(uint64_t bytes);

  /// Counts out `items` messages of `bytes` in all.
  void leave(uint64_t items, uint64_t bytes);

  /// Returns a sender key that differs from every actor's address.
  uint64_t next_sender();

  /// Adds messages that were not admitted to the counts of submitted, refused
  /// and dropped ones.
  void add_to(statistics& to) const;

private:
  bool enter(uint64_t bytes, uint64_t max_items, uint64_t max_bytes,
             std::atomic<uint64_t>& refused);

  const queue_options limits_;
  std::atomic<uint64_t> items_{0};
  std::atomic<uint64_t> bytes_{0};
  std::atomic<uint64_t> refused_writes_{0};
  std::atomic<uint64_t> dropped_{0};
  std::atomic<uint64_t> senders_{0};
};

using flow_gate_ptr = std::shared_ptr<flow_gate>;

/// An admitted message. Counts itself out when it is destroyed: taken out of
/// the mailbox, or lost together with the database.
struct paced_item {
  template <class Request>
  paced_item(flow_gate_ptr through, Request&& request, uint64_t from,
             uint64_t size)
    : what{std::forward<Request>(request)},
      gate{std::move(through)},
      sender{from},
      bytes{size} {
    // nop
  }

  paced_item(const paced_item&) = delete;

  paced_item& operator=(const paced_item&) = delete;

  ~paced_item() {
    gate->leave(bytes);
  }

  std::variant<write, best_effort> what;
  flow_gate_ptr gate;
  uint64_t sender;
  uint64_t bytes;
};

} // namespace onewriter
