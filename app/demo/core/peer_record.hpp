#pragma once

#include <cstdint>
#include <vector>

namespace onewriter::node {

/// The replies that one peer got. Its connects are numbered from 1.
struct peer_record {
  int64_t peer = 0;
  /// Connects that were asked for.
  uint64_t sent = 0;
  /// Connects that were not committed, by their errors, in order.
  std::vector<uint64_t> refused;
  /// Connects with an unknown outcome, in order.
  std::vector<uint64_t> unknown;
  /// `session_mark`s of all receipts, added up.
  uint64_t marks = 0;
  /// Updates of the peer's domain with a receipt, and those with an unknown
  /// outcome.
  uint64_t domain_updates = 0;
  uint64_t domain_unknown = 0;
  /// Best-effort messages that were sent.
  uint64_t peer_updates = 0;
  /// Acknowledged connects that were looked up, and those that were not found.
  uint64_t lookups = 0;
  uint64_t overlooked = 0;

  /// Connects with a receipt.
  uint64_t acknowledged() const {
    return sent - refused.size() - unknown.size();
  }
};

/// A number for the receipt that says that connect `number` of `peer` is the
/// session `id`, so that receipts can be compared with rows without keeping
/// them.
[[nodiscard]] uint64_t session_mark(int64_t peer, uint64_t number, int64_t id);

/// Compares the sessions in a file with the receipts of the peers.
class session_audit {
public:
  /// The result; all but `rows` should be zero.
  struct verdict {
    uint64_t rows = 0;
    /// Receipts without a row.
    uint64_t missing = 0;
    /// Rows that are there more than once.
    uint64_t doubled = 0;
    /// Rows of connects that were refused, or never asked for.
    uint64_t unexpected = 0;
    /// Rows that were written before the one with the number before.
    uint64_t disordered = 0;
    /// Peers whose receipts name other sessions than the file.
    uint64_t mistaken = 0;
  };

  /// `ledgers` has to outlive the audit and to be sorted by peer.
  explicit session_audit(const std::vector<peer_record>& ledgers);

  /// Takes the next row, in the order of peer, number and id.
  void row(int64_t peer, uint64_t number, int64_t id);

  [[nodiscard]] verdict finish();

private:
  void begin_peer(int64_t peer);

  void end_peer();

  bool is_acknowledged(uint64_t number) const;

  const std::vector<peer_record>& ledgers_;
  // The first one that no row was seen of.
  std::vector<peer_record>::const_iterator next_;
  const peer_record* current_ = nullptr;
  int64_t peer_ = 0;
  uint64_t last_number_ = 0;
  int64_t last_id_ = 0;
  uint64_t found_ = 0;
  uint64_t marks_ = 0;
  verdict result_;
};

} // namespace onewriter::node
