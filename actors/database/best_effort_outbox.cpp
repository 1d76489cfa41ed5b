#include "actors/database/best_effort_outbox.hpp"

#include "actors/support/thrown.hpp"
#include "onewriter/compat/messaging.hpp"

#include <utility>

namespace onewriter {

void best_effort_outbox::push(best_effort& what) {
  if (life_.unavailability() != caf::none)
    return lane_.drop();
  lane_.push(std::move(what), pending_write::clock::now());
  flush();
}

void best_effort_outbox::flush() {
  if (!life_.is_open())
    return;
  writes_.flush();
  auto batch = insist([this] { return lane_.next(); });
  if (batch)
    insist(
      [&] { compat::send_or_keep(context_.self, children_.writer(), *batch); });
}

} // namespace onewriter
