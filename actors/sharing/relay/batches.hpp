#pragma once

#include "messages/private_message.hpp"
#include "onewriter/compat/inspection.hpp"
#include "onewriter/protocol.hpp"

#include <caf/message.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// How the two ends of a connection between processes carry requests and
// replies: all that have come up since the last time in one message. Most of
// what a message costs is its way: system calls, and threads that wake up. Next
// comes what is allocated and looked up by name for each `caf::message`, so
// that what is frequent, writes and receipts, has lists with fixed types.
//
// The end in the process that has joined is the link, that of the owner the
// session. All but `flush_batch` are wire format: append, never reorder.

namespace onewriter {

struct numbered_write {
  /// Of the request, from 1; zero for one without a reply.
  uint64_t number = 0;
  write what;
};

template <class Inspector>
auto inspect(Inspector& f, numbered_write& x) {
  return compat::inspect_object(f, x, compat::field("number", x.number),
                                compat::field("what", x.what));
}

struct numbered_receipt {
  uint64_t number = 0;
  write_receipt what;
};

template <class Inspector>
auto inspect(Inspector& f, numbered_receipt& x) {
  return compat::inspect_object(f, x, compat::field("number", x.number),
                                compat::field("what", x.what));
}

/// Any other request, or its reply.
struct carried {
  uint64_t number = 0;
  /// The request, its reply, or one `caf::error`.
  caf::message content;
};

template <class Inspector>
auto inspect(Inspector& f, carried& x) {
  return compat::inspect_object(f, x, compat::field("number", x.number),
                                compat::field("content", x.content));
}

/// First all writes, then the others.
struct request_batch {
  /// 16 bytes that the process has drawn. Together with the number of a request
  /// they identify it to all owners, so that it can be sent again.
  std::string session;
  /// All requests with numbers below have their replies.
  uint64_t settled = 0;
  std::vector<numbered_write> writes;
  std::vector<carried> others;
};

template <class Inspector>
auto inspect(Inspector& f, request_batch& x) {
  return compat::inspect_object(f, x, compat::field("session", x.session),
                                compat::field("settled", x.settled),
                                compat::field("writes", x.writes),
                                compat::field("others", x.others));
}

struct reply_batch {
  std::vector<numbered_receipt> receipts;
  std::vector<carried> others;
  /// The approximate size of the replies, which the link acknowledges.
  uint64_t bytes = 0;
};

template <class Inspector>
auto inspect(Inspector& f, reply_batch& x) {
  return compat::inspect_object(f, x, compat::field("receipts", x.receipts),
                                compat::field("others", x.others),
                                compat::field("bytes", x.bytes));
}

inline bool is_empty(const request_batch& x) {
  return x.writes.empty() && x.others.empty();
}

inline bool is_empty(const reply_batch& x) {
  return x.receipts.empty() && x.others.empty();
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

/// Replies to writes of one session, from the thread of the writer.
struct settled_writes {
  reply_batch what;
  /// How many there are, and what the writes were counted with.
  size_t count = 0;
  size_t request_bytes = 0;
};

/// Tells the hub that there are such replies.
struct replies_ready {};

} // namespace onewriter

CAF_BEGIN_TYPE_ID_BLOCK(onewriter_relay, caf::first_custom_type_id
                                           + ONEWRITER_TYPE_ID_OFFSET + 162)
  CAF_ADD_TYPE_ID(onewriter_relay, (onewriter::request_batch))
  CAF_ADD_TYPE_ID(onewriter_relay, (onewriter::reply_batch))
  CAF_ADD_TYPE_ID(onewriter_relay, (onewriter::relay_ping))
  CAF_ADD_TYPE_ID(onewriter_relay, (onewriter::relay_pong))
  ONEWRITER_MESSAGE(relay, flush_batch)
  ONEWRITER_MESSAGE(relay, settled_writes)
  ONEWRITER_MESSAGE(relay, replies_ready)
  ONEWRITER_END_MESSAGES(relay, 170)

  namespace onewriter {

  /// The owner's end.
  struct session_trait {
    using signatures = compat::type_list<caf::result<void>(request_batch),
                                         caf::result<void>(relay_ping),
                                         // From the hub.
                                         caf::result<void>(settled_writes),
                                         // Sent to itself.
                                         caf::result<void>(flush_batch)>;
  };

  using session_actor = compat::handle<session_trait>;

  /// The end of the process that has joined.
  struct link_trait {
    using signatures = compat::type_list<
      // From its user.
      caf::result<void>(request_batch),
      // From the session.
      caf::result<void>(reply_batch), caf::result<void>(relay_pong),
      // Sent to itself.
      caf::result<void>(flush_batch)>;
  };

  using link_actor = compat::handle<link_trait>;

  } // namespace onewriter
