#pragma once

#include "actors/core/database_core.hpp"
#include "actors/database/admission/flow_gate.hpp"
#include "actors/sharing/relay/batches.hpp"
#include "messages/private_message.hpp"
#include "onewriter/protocol.hpp"

// What the actor that looks for the owner of a file, and the one that callers
// send requests to, tell each other.

namespace onewriter {

/// This process owns the file: `database` is its own.
struct owned_here {
  database_actor database;
  flow_gate_ptr gate;
};

/// Another process owns the file: `link` passes requests on to it, and the
/// replies to the shared database.
struct owned_elsewhere {
  link_actor link;
};

/// No owner is known, because of `reason`; one is being looked for.
struct owner_lost {
  caf::error reason;
};

/// The owner, another process, has not said anything for some time.
struct owner_silent {};

/// It does again.
struct owner_heard {};

/// There will be no owner.
struct owner_search_failed {
  caf::error reason;
};

/// Sent to itself: sends requests again, and fails those that have waited for
/// an owner for too long.
struct check_held {};

/// Asks what looks for the owner to end, after this process has closed the
/// database or wants to leave.
struct stop_sharing {};

} // namespace onewriter

ONEWRITER_BEGIN_MESSAGES(shared, 192)
ONEWRITER_MESSAGE(shared, owned_here)
ONEWRITER_MESSAGE(shared, owned_elsewhere)
ONEWRITER_MESSAGE(shared, owner_lost)
ONEWRITER_MESSAGE(shared, owner_search_failed)
ONEWRITER_MESSAGE(shared, check_held)
ONEWRITER_MESSAGE(shared, stop_sharing)
ONEWRITER_MESSAGE(shared, owner_silent)
ONEWRITER_MESSAGE(shared, owner_heard)
ONEWRITER_END_MESSAGES(shared, 200)

namespace onewriter {

/// The interface of what looks for the owner of a file.
struct owner_finder_trait {
  using signatures = compat::type_list<
    // The reply comes when nothing of this process is published any more.
    caf::result<void>(stop_sharing),
    // Sent to itself.
    caf::result<void>(check_held)>;
};

using owner_finder_actor = compat::handle<owner_finder_trait>;

/// What the owner finder, the link, and gates to it tell a shared database.
struct shared_core_trait {
  using signatures = compat::type_list<
    // From the link.
    caf::result<void>(reply_batch),
    // From a gate.
    caf::result<void>(process_turned_away),
    // Sent to itself.
    caf::result<void>(flush_batch), caf::result<void>(check_held),
    // From the owner finder.
    caf::result<void>(owned_here), caf::result<void>(owned_elsewhere),
    caf::result<void>(owner_lost), caf::result<void>(owner_silent),
    caf::result<void>(owner_heard), caf::result<void>(owner_search_failed)>;
};

using shared_core_actor = compat::handle<shared_core_trait>;

} // namespace onewriter
