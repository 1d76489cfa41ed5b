#pragma once

#include "onewriter/compat/interface.hpp"
#include "onewriter/protocol.hpp"
#include "tests/crash/process/run_record.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace onewriter::test {

/// What the clients of a process have in common.
struct client_company {
  database_actor database;
  std::string folder;
  bool keyed = false;
  /// Whether to send large requests that fail as well.
  bool burdened = false;
  /// Whether to end once what earlier runs have left is answered.
  bool last = false;
  uint32_t outstanding = 1;
  announcer tell{-1};
  std::atomic<uint64_t> receipts{0};
  std::atomic<uint64_t> burdens{0};
};

struct row_client_trait {
  using signatures = compat::type_list<caf::result<void>(get_statistics)>;
};

/// A client gets replies only.
using row_client_actor = compat::handle<row_client_trait>;

/// Starts a client that writes one numbered row after the other, from where
/// its log ends. It notes each before it is sent and each answer as soon as it
/// comes, and terminates when the database is closed and nothing is unanswered.
row_client_actor spawn_row_client(caf::actor_system& sys,
                                  std::shared_ptr<client_company> company,
                                  uint32_t number);

} // namespace onewriter::test
