#pragma once

#include "onewriter/options.hpp"
#include "onewriter/statistics.hpp"
#include "onewriter/write.hpp"

#include <caf/error.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <variant>

namespace onewriter {

/// Counts the writes, calls, transactions and best-effort messages that are on
/// their way to one database and not taken out of its mailbox yet. CAF's
/// mailboxes have no limit, so what is too much is kept out by the thread that
/// sends it. Shared by all senders of the process and by the database; any
/// thread may use it.
class flow_gate {
public:
  /// Lets in `max_items` and `max_bytes` of requests that write and, likewise,
  /// `best_effort_items` and `best_effort_bytes`, of these at least the
  /// defaults: what is on its way may be as much as what is pending. A message
  /// alone always gets in, so that the database can say that it is too big.
  explicit flow_gate(const queue_options& limits);

  /// Counts in a request that writes and that occupies `bytes`; false where
  /// there is too much already.
  bool enter_write(uint64_t bytes);

  /// The same for a best-effort message.
  bool enter_best_effort(uint64_t bytes);

  /// Returns what the sender of a message gets that was not let in.
  static caf::error refusal();

  /// Counts out what occupied `bytes`.
  void leave(uint64_t bytes);

  /// Returns a key for a sender that no actor's address is equal to.
  uint64_t next_sender();

  /// Adds what was not let in to the counts of what was submitted, refused and
  /// dropped.
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

/// A message that was let in. Counts itself out when it is destroyed: taken out
/// of the mailbox, or lost together with the database.
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
