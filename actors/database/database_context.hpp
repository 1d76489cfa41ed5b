#pragma once

#include "actors/core/database_core.hpp"
#include "actors/core/metrics.hpp"
#include "actors/database/admission/database_gate.hpp"
#include "actors/writer/writer_handover.hpp"
#include "onewriter/compat/interface.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/options.hpp"
#include "onewriter/protocol.hpp"

#include <memory>

namespace onewriter {

using full_database_trait = compat::joined_trait<
  compat::joined_trait<database_trait, database_core_trait>,
  database_gate_trait>;

/// The database with the interfaces for its own actors and for senders in its
/// process.
using full_database_actor = compat::handle<full_database_trait>;

/// What all parts of a database actor need.
struct database_context {
  /// The actor itself.
  full_database_actor::pointer self;
  std::shared_ptr<const options> opts;
  metrics_ptr shared;
  std::shared_ptr<writer_handover> handover;

  /// Returns a handle for the database's own actors.
  database_core_actor core() const {
    return full_database_actor{self};
  }
};

} // namespace onewriter
