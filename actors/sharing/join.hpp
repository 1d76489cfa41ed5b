#pragma once

#include "messages/private_message.hpp"
#include "onewriter/compat/inspection.hpp"
#include "onewriter/compat/interface.hpp"
#include "onewriter/protocol.hpp"

#include <cstdint>
#include <string>

// How a process that has found the owner of a database becomes one of its
// clients. These messages are wire format: append, never reorder.

namespace onewriter {

/// The version of the messages that processes exchange. A process joins only an
/// owner with the same one.
inline constexpr uint32_t sharing_protocol = 3;

/// The first message of a process that joins.
struct hello {
  uint32_t protocol = sharing_protocol;
  /// A random text of the process.
  std::string nonce;
};

template <class Inspector>
auto inspect(Inspector& f, hello& x) {
  return compat::inspect_object(f, x, compat::field("protocol", x.protocol),
                                compat::field("nonce", x.nonce));
}

/// The answer: proof that the owner knows the secret, for the process to check.
struct challenge {
  uint32_t protocol = sharing_protocol;
  /// A random text of the owner.
  std::string nonce;
  std::string proof;
};

template <class Inspector>
auto inspect(Inspector& f, challenge& x) {
  return compat::inspect_object(f, x, compat::field("protocol", x.protocol),
                                compat::field("nonce", x.nonce),
                                compat::field("proof", x.proof));
}

/// The second message of a process that joins.
struct join {
  uint32_t protocol = sharing_protocol;
  int64_t process_id = 0;
  /// Terminates when the process leaves.
  caf::actor presence;
  /// That of the challenge which the proof is for; empty where the gate demands
  /// none.
  std::string nonce{};
  std::string proof{};
};

template <class Inspector>
auto inspect(Inspector& f, join& x) {
  return compat::inspect_object(f, x, compat::field("protocol", x.protocol),
                                compat::field("process_id", x.process_id),
                                compat::field("presence", x.presence),
                                compat::field("nonce", x.nonce),
                                compat::field("proof", x.proof));
}

/// The answer: what takes the requests of this process.
struct admission_ticket {
  uint32_t protocol = sharing_protocol;
  database_actor session;
};

template <class Inspector>
auto inspect(Inspector& f, admission_ticket& x) {
  return compat::inspect_object(f, x, compat::field("protocol", x.protocol),
                                compat::field("session", x.session));
}

} // namespace onewriter

CAF_BEGIN_TYPE_ID_BLOCK(onewriter_sharing, caf::first_custom_type_id
                                             + ONEWRITER_TYPE_ID_OFFSET + 186)
  CAF_ADD_TYPE_ID(onewriter_sharing, (onewriter::join))
  CAF_ADD_TYPE_ID(onewriter_sharing, (onewriter::admission_ticket))
  CAF_ADD_TYPE_ID(onewriter_sharing, (onewriter::hello))
  CAF_ADD_TYPE_ID(onewriter_sharing, (onewriter::challenge))
CAF_END_TYPE_ID_BLOCK(onewriter_sharing)

namespace onewriter {

/// What an owner publishes.
struct gate_trait {
  using signatures = compat::type_list<
    // Errors: ec::invalid_argument for another version of the protocol.
    caf::result<challenge>(hello),
    // Errors: the same, ec::not_allowed without a proof of the secret,
    // ec::overloaded where too many processes have joined.
    caf::result<admission_ticket>(join)>;
};

using gate_actor = compat::handle<gate_trait>;

} // namespace onewriter
