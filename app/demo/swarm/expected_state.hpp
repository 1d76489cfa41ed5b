#pragma once

#include "app/demo/core/node_messages.hpp"
#include "app/demo/core/peer_record.hpp"
#include "app/demo/core/scores.hpp"
#include "onewriter/close.hpp"
#include "onewriter/statistics.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace onewriter::node {

/// The replies to the actors of a run, against which the file is checked.
struct expected_state {
  int64_t run = 0;
  /// By peer.
  std::vector<peer_record> records;
  std::vector<searcher_record> searchers;
  store_state stored;
  index_state indexed;
  /// Domain updates in the file when the run began.
  uint64_t versions_before = 0;
  /// The last scores, and the statistics of the database after it was closed.
  scores told;
  statistics database;
  close_receipt closing;
  /// Why the database gave up; empty if it did not.
  std::string failure;
};

/// The records of all peers, added up.
[[nodiscard]] peer_record sum_of(const std::vector<peer_record>& ledgers);

/// The records of all readers, added up.
[[nodiscard]] searcher_record
sum_of(const std::vector<searcher_record>& ledgers);

} // namespace onewriter::node
