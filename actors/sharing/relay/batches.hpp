#pragma once

#include "messages/private_message.hpp"
#include "onewriter/compat/inspection.hpp"
#include "onewriter/protocol.hpp"

#include <caf/message.hpp>

#include <cstdint>
#include <vector>

// How the two ends of a connection between processes carry requests and
// replies: all that have come up since the last time in one message. Most of
// what a message costs is its way: system calls, and threads that wake up.
//
// The end in the process that has joined is the link, that of the owner the
// session. All but `flush_batch` are wire format: append, never reorder.

namespace onewriter {

/// A request or its reply.
struct carried {
  /// Of the request, from 1; zero for one without a reply.
  uint64_t number = 0;
  /// The request, its reply, or one `caf::error`.
  caf::message content;
};

template <class Inspector>
auto inspect(Inspector& f, carried& x) {
  return compat::inspect_object(f, x, compat::field("number", x.number),
                                compat::field("content", x.content));
}

struct request_batch {
  std::vector<carried> requests;
};

template <class Inspector>
auto inspect(Inspector& f, request_batch& x) {
  return compat::inspect_object(f, x, compat::field("requests", x.requests));
}

struct reply_batch {
  std::vector<carried> replies;
  /// The approximate size of the replies, which the link acknowledges.
  uint64_t bytes = 0;
};

template <class Inspector>
auto inspect(Inspector& f, reply_batch& x) {
  return compat::inspect_object(f, x, compat::field("replies", x.replies),
                                compat::field("bytes", x.bytes));
}

/// Sent by the link, first of all and then at intervals: it is still there, and
/// has taken this many bytes of replies in all.
struct relay_ping {
  uint64_t taken = 0;
};

template <class Inspector>
auto inspect(Inspector& f, relay_ping& x) {
  return compat::inspect_object(f, x, compat::field("taken", x.taken));
}

/// The answer: the owner is still there.
struct relay_pong {};

template <class Inspector>
auto inspect(Inspector& f, relay_pong& x) {
  return compat::inspect_object(f, x);
}

/// Sent to itself by either end: sends what has come up since, or looks after
/// the other end.
struct flush_batch {
  bool is_check = false;
};

} // namespace onewriter

CAF_BEGIN_TYPE_ID_BLOCK(onewriter_relay, caf::first_custom_type_id
                                           + ONEWRITER_TYPE_ID_OFFSET + 165)
  CAF_ADD_TYPE_ID(onewriter_relay, (onewriter::request_batch))
  CAF_ADD_TYPE_ID(onewriter_relay, (onewriter::reply_batch))
  CAF_ADD_TYPE_ID(onewriter_relay, (onewriter::relay_ping))
  CAF_ADD_TYPE_ID(onewriter_relay, (onewriter::relay_pong))
  ONEWRITER_MESSAGE(relay, flush_batch)
  ONEWRITER_END_MESSAGES(relay, 170)

  namespace onewriter {

  /// What a session takes beside single requests.
  struct session_trait {
    using signatures = compat::type_list<caf::result<void>(request_batch),
                                         caf::result<void>(relay_ping),
                                         // Sent to itself.
                                         caf::result<void>(flush_batch)>;
  };

  using session_actor
    = compat::handle<compat::joined_trait<database_trait, session_trait>>;

  /// What a link takes beside single requests.
  struct link_trait {
    using signatures = compat::type_list<caf::result<void>(reply_batch),
                                         caf::result<void>(relay_pong),
                                         // Sent to itself.
                                         caf::result<void>(flush_batch)>;
  };

  using link_actor
    = compat::handle<compat::joined_trait<database_trait, link_trait>>;

  } // namespace onewriter
