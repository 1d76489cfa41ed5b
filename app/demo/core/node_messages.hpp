#pragma once

#include "app/demo/core/peer_record.hpp"
#include "app/demo/core/scores.hpp"
#include "onewriter/compat/interface.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

// What the actors of the node send to each other. Nothing of it leaves the
// process.

namespace onewriter::node {

// -- to the actors that work ----------------------------------------------------

/// The run has come to another stage.
struct enter_stage {
  enum stage stage = stage::unmeasured;
};

/// An actor's own: does the next thing.
struct next_round {};

/// Asks an actor to wait for its outstanding replies, and then to end. Reply:
/// a record of all its replies.
struct finish {};

/// All files have been stored.
struct no_more_files {};

/// Words that can be searched for.
struct found_words {
  std::vector<std::string> words;
};

/// The replies that a reader got.
struct searcher_record {
  uint64_t searches = 0;
  uint64_t hits = 0;
  /// Searches for a word of an indexed text that found nothing, and an example.
  uint64_t in_vain = 0;
  std::string example;
  /// A word that was found, for people to try.
  std::string word;
};

// -- to the scoreboard ------------------------------------------------------------

/// How long one request took.
struct sample {
  activity what = activity::connect;
  enum stage stage = stage::unmeasured;
  std::chrono::nanoseconds took{0};
};

/// What an actor did since its last report.
struct report {
  std::vector<sample> samples;
  /// What was done without waiting for it, by activity.
  std::array<uint64_t, activity_count> uncounted{};
  std::vector<failure_seen> failures;
};

/// The writer was made to fail.
struct sabotage_done {};

/// The task that runs at the end of a run.
struct current_task {
  std::string name;
  uint64_t done = 0;
  uint64_t total = 0;
};

/// Asks for `scores`.
struct get_scores {};

// -- to the display ----------------------------------------------------------------

/// Draw again.
struct redraw {};

// -- to the demo --------------------------------------------------------------

/// The user, or the operating system, wants the run to end.
struct stop_requested {};

/// There is nothing left to store and to index.
struct everything_done {};

} // namespace onewriter::node

#define ONEWRITER_NODE_MESSAGE(name)                                           \
  CAF_ALLOW_UNSAFE_MESSAGE_TYPE(onewriter::node::name)

ONEWRITER_NODE_MESSAGE(enter_stage)
ONEWRITER_NODE_MESSAGE(next_round)
ONEWRITER_NODE_MESSAGE(finish)
ONEWRITER_NODE_MESSAGE(no_more_files)
ONEWRITER_NODE_MESSAGE(found_words)
ONEWRITER_NODE_MESSAGE(searcher_record)
ONEWRITER_NODE_MESSAGE(peer_record)
ONEWRITER_NODE_MESSAGE(report)
ONEWRITER_NODE_MESSAGE(store_state)
ONEWRITER_NODE_MESSAGE(index_state)
ONEWRITER_NODE_MESSAGE(sabotage_done)
ONEWRITER_NODE_MESSAGE(current_task)
ONEWRITER_NODE_MESSAGE(get_scores)
ONEWRITER_NODE_MESSAGE(scores)
ONEWRITER_NODE_MESSAGE(redraw)
ONEWRITER_NODE_MESSAGE(stop_requested)
ONEWRITER_NODE_MESSAGE(everything_done)

// The node is an embedding program like any other: its block starts where CAF
// lets it, far from onewriter's own.
CAF_BEGIN_TYPE_ID_BLOCK(onewriter_node, caf::first_custom_type_id)

  CAF_ADD_TYPE_ID(onewriter_node, (onewriter::node::enter_stage))
  CAF_ADD_TYPE_ID(onewriter_node, (onewriter::node::next_round))
  CAF_ADD_TYPE_ID(onewriter_node, (onewriter::node::finish))
  CAF_ADD_TYPE_ID(onewriter_node, (onewriter::node::no_more_files))
  CAF_ADD_TYPE_ID(onewriter_node, (onewriter::node::found_words))
  CAF_ADD_TYPE_ID(onewriter_node, (onewriter::node::searcher_record))
  CAF_ADD_TYPE_ID(onewriter_node, (onewriter::node::peer_record))
  CAF_ADD_TYPE_ID(onewriter_node, (onewriter::node::report))
  CAF_ADD_TYPE_ID(onewriter_node, (onewriter::node::store_state))
  CAF_ADD_TYPE_ID(onewriter_node, (onewriter::node::index_state))
  CAF_ADD_TYPE_ID(onewriter_node, (onewriter::node::sabotage_done))
  CAF_ADD_TYPE_ID(onewriter_node, (onewriter::node::current_task))
  CAF_ADD_TYPE_ID(onewriter_node, (onewriter::node::get_scores))
  CAF_ADD_TYPE_ID(onewriter_node, (onewriter::node::scores))
  CAF_ADD_TYPE_ID(onewriter_node, (onewriter::node::redraw))
  CAF_ADD_TYPE_ID(onewriter_node, (onewriter::node::stop_requested))
  CAF_ADD_TYPE_ID(onewriter_node, (onewriter::node::everything_done))

CAF_END_TYPE_ID_BLOCK(onewriter_node)

namespace onewriter::node {

/// Interface of a peer.
struct peer_trait {
  using signatures = compat::type_list<caf::result<void>(enter_stage),
                                       caf::result<peer_record>(finish),
                                       // Sent to itself.
                                       caf::result<void>(next_round)>;
};

using peer_actor = compat::handle<peer_trait>;

/// Interface of a reader: it searches and lists.
struct searcher_trait {
  using signatures = compat::type_list<caf::result<void>(enter_stage),
                                       caf::result<void>(found_words),
                                       caf::result<searcher_record>(finish),
                                       // Sent to itself.
                                       caf::result<void>(next_round)>;
};

using searcher_actor = compat::handle<searcher_trait>;

/// Interface of the actor that stores files.
struct block_store_trait {
  using signatures = compat::type_list<caf::result<void>(enter_stage),
                                       caf::result<store_state>(finish),
                                       // Sent to itself.
                                       caf::result<void>(next_round)>;
};

using block_store_actor = compat::handle<block_store_trait>;

/// Interface of the actor that has texts indexed.
struct index_feeder_trait {
  using signatures = compat::type_list<caf::result<void>(enter_stage),
                                       caf::result<void>(no_more_files),
                                       caf::result<index_state>(finish),
                                       // Sent to itself.
                                       caf::result<void>(next_round)>;
};

using index_feeder_actor = compat::handle<index_feeder_trait>;

/// Interface of the actor that makes the writer fail.
struct fault_injector_trait {
  using signatures = compat::type_list<caf::result<void>(finish),
                                       // Sent to itself.
                                       caf::result<void>(next_round)>;
};

using fault_injector_actor = compat::handle<fault_injector_trait>;

/// Interface of the actor that all other actors report to.
struct scoreboard_trait {
  using signatures = compat::type_list<
    caf::result<void>(enter_stage), caf::result<void>(report),
    caf::result<void>(store_state), caf::result<void>(index_state),
    caf::result<void>(sabotage_done), caf::result<void>(current_task),
    caf::result<scores>(get_scores)>;
};

using scoreboard_actor = compat::handle<scoreboard_trait>;

/// Interface of the actor that shows how far the run is.
struct progress_display_trait {
  using signatures = compat::type_list<
    // Leaves the screen as it was before and ends.
    caf::result<void>(finish),
    // Sent to itself.
    caf::result<void>(redraw)>;
};

using progress_display_actor = compat::handle<progress_display_trait>;

} // namespace onewriter::node
