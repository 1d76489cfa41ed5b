#include "actors/sharing/relay/direct_writes.hpp"

#include "actors/database/admission/database_gate.hpp"
#include "messages/compat/crossing.hpp"

#include <cstring>
#include <utility>

namespace onewriter {

direct_writes::direct_writes(session_actor::pointer self, database_actor target,
                             direct_way way)
  : self_{self},
    target_{caf::actor_cast<caf::actor>(std::move(target))},
    way_{std::move(way)},
    replies_{way_.hub->replies_for(session_actor{self})},
    sender_{reinterpret_cast<uintptr_t>(self->ctrl())} {
  // nop
}

void direct_writes::begin(const request_batch& batch) {
  session_name name;
  std::memcpy(name.data(), batch.session.data(), name.size());
  if (!from_.session || *from_.session != name)
    from_.session = std::make_shared<const session_name>(name);
  from_.settled = batch.settled;
}

joined_writes& direct_writes::unsent() {
  if (!unsent_) {
    unsent_ = std::make_shared<joined_writes>(way_.gate);
    unsent_->sender = sender_;
  }
  return *unsent_;
}

void direct_writes::flush() {
  if (unsent_)
    compat::send_across(self_, target_, std::exchange(unsent_, nullptr));
}

} // namespace onewriter
