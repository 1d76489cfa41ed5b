#pragma once

#include "actors/core/write_reply.hpp"
#include "actors/sharing/relay/batches.hpp"

#include <memory>
#include <mutex>
#include <vector>

namespace onewriter {

/// Passes the answers to writes of all sessions of an owner from the thread of
/// the writer to that of the network: a batch of answers costs one wake-up
/// there, however many sessions it is for. Ends when its last copy does.
/// Thread-safe.
class receipt_hub {
public:
  /// Starts it as an actor of `sys`, the network's.
  explicit receipt_hub(caf::actor_system& sys);

  receipt_hub(const receipt_hub&) = delete;

  receipt_hub& operator=(const receipt_hub&) = delete;

  ~receipt_hub();

  /// Returns what takes the answers for `session`, which gets them as
  /// `settled_writes`.
  std::shared_ptr<write_replies> replies_for(const session_actor& session);

private:
  class box;
  class box_list;
  class state;

  std::shared_ptr<box_list> boxes_;
  caf::actor wakes_;
};

} // namespace onewriter
