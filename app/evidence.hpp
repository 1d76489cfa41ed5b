#pragma once

#include "app/ledger.hpp"
#include "app/node_messages.hpp"
#include "app/scores.hpp"
#include "onewriter/maintenance.hpp"
#include "onewriter/statistics.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace onewriter::node {

/// What the actors of a run were told: what the file is checked against.
struct evidence {
  int64_t run = 0;
  /// By peer.
  std::vector<peer_ledger> ledgers;
  std::vector<searcher_ledger> searchers;
  store_state stored;
  index_state indexed;
  /// Domain updates in the file when the run began.
  uint64_t versions_before = 0;
  /// What the scoreboard said last, and the database, after it was closed.
  scores told;
  statistics database;
  close_receipt closing;
  /// Why the database gave up; empty if it did not.
  std::string failure;
};

/// The ledgers of all peers, added up.
[[nodiscard]] peer_ledger sum_of(const std::vector<peer_ledger>& ledgers);

/// Those of all readers.
[[nodiscard]] searcher_ledger
sum_of(const std::vector<searcher_ledger>& ledgers);

} // namespace onewriter::node
