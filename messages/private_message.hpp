#pragma once

#include "onewriter/protocol.hpp"

// Type IDs of messages that never leave the process: each part of the library
// has a block of its own, between 100 and 200 behind the start of the
// protocol's. They are no wire format and may be reordered.

/// Begins the IDs of `part`, `first` behind the protocol's first.
#define ONEWRITER_BEGIN_MESSAGES(part, first)                                  \
  CAF_BEGIN_TYPE_ID_BLOCK(onewriter_##part, caf::first_custom_type_id          \
                                              + ONEWRITER_TYPE_ID_OFFSET       \
                                              + (first))

/// Makes `onewriter::name` a message of `part`.
#define ONEWRITER_MESSAGE(part, name)                                          \
  CAF_ADD_TYPE_ID(onewriter_##part, (onewriter::name))                         \
  CAF_ALLOW_UNSAFE_MESSAGE_TYPE(onewriter::name)

/// Ends the IDs of `part`; `limit` is the first ID of the next part.
#define ONEWRITER_END_MESSAGES(part, limit)                                    \
  CAF_END_TYPE_ID_BLOCK                                                        \
  (onewriter_##part) static_assert(                                            \
    caf::id_block::onewriter_##part::end                                       \
      <= caf::first_custom_type_id + ONEWRITER_TYPE_ID_OFFSET + (limit),       \
    "the type IDs of two parts overlap");
