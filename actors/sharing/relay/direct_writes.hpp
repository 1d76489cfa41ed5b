#pragma once

#include "actors/database/admission/joined_writes.hpp"
#include "actors/sharing/relay/batches.hpp"
#include "actors/sharing/relay/receipt_hub.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <variant>

namespace onewriter {

/// How the writes of joined processes get to a database actor of this process
/// and their answers back, many at once. Without it they are requests like all
/// others.
struct direct_way {
  /// The database's.
  flow_gate_ptr gate;
  std::shared_ptr<receipt_hub> hub;
};

/// Passes the writes of one session on. Belongs to the session.
class direct_writes {
public:
  direct_writes(session_actor::pointer self, database_actor target,
                direct_way way);

  /// What follows comes from `batch`, which names its session.
  void begin(const request_batch& batch);

  /// Adds a request, which was counted with `bytes`. Error: `ec::overloaded`.
  template <class Request>
  caf::error add(uint64_t number, Request& what, size_t bytes);

  /// Sends what has been added.
  void flush();

private:
  joined_writes& unsent();

  session_actor::pointer self_;
  caf::actor target_;
  direct_way way_;
  std::shared_ptr<write_replies> replies_;
  // As for single messages of the session, so that all stay in order.
  uint64_t sender_;
  session_position from_;
  joined_writes_ptr unsent_;
};

template <class Request>
caf::error direct_writes::add(uint64_t number, Request& what, size_t bytes) {
  auto size = bytes_of(what);
  if (!way_.gate->enter_write(size))
    return flow_gate::refusal();
  auto& to = unsent();
  to.bytes += size;
  auto& added = to.items.emplace_back();
  added.reply = {replies_, {number, bytes}};
  added.position = from_;
  added.position.number = number;
  added.request = std::move(what);
  return {};
}

} // namespace onewriter
