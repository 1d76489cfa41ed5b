#pragma once

#include "onewriter/compat/interface.hpp"
#include "onewriter/compat/setup.hpp"
#include "onewriter/protocol.hpp"

namespace onewriter::bench {

/// Asks a load generator to do its task. Reply: nothing, when all participants
/// have ended; the first error of one of them.
struct run_load {};

/// Asks the background load to stop.
struct end_load {};

/// An actor sends this to itself: it is time for more.
struct more_load {};

} // namespace onewriter::bench

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(onewriter::bench::run_load)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(onewriter::bench::end_load)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(onewriter::bench::more_load)

// Beside those of the node, with which it can be linked.
CAF_BEGIN_TYPE_ID_BLOCK(onewriter_bench, caf::first_custom_type_id + 50)

  CAF_ADD_TYPE_ID(onewriter_bench, (onewriter::bench::run_load))
  CAF_ADD_TYPE_ID(onewriter_bench, (onewriter::bench::end_load))
  CAF_ADD_TYPE_ID(onewriter_bench, (onewriter::bench::more_load))

CAF_END_TYPE_ID_BLOCK(onewriter_bench)

namespace onewriter::bench {

/// The bench's own message types; to be known before a configuration is
/// constructed.
using load_types = compat::type_registrar<caf::id_block::onewriter_bench>;

struct load_generator_trait {
  using signatures = compat::type_list<caf::result<void>(run_load)>;
};

using load_generator_actor = compat::handle<load_generator_trait>;

/// Interface of the actors of a load. Each ends by itself when the time is
/// over, or, as background load, when it is asked to; its exit reason is the
/// error that it could not go on with.
struct load_member_trait {
  using signatures = compat::type_list<caf::result<void>(end_load),
                                       // Sent to itself.
                                       caf::result<void>(more_load)>;
};

using load_member_actor = compat::handle<load_member_trait>;

} // namespace onewriter::bench
