#pragma once

#include "actors/database/admission/best_effort_lane.hpp"
#include "actors/database/write_outbox.hpp"

namespace onewriter {

/// Best-effort messages on their way to the writer, one batch at a time.
/// Belongs to the database actor.
class best_effort_outbox {
public:
  best_effort_outbox(const database_context& context, const lifecycle& life,
                     const database_children& children, write_outbox& writes)
    : context_{context},
      life_{life},
      children_{children},
      writes_{writes},
      lane_{context.opts->queue} {
    // nop
  }

  /// Adds a message, or drops it where the database accepts none.
  void push(best_effort& what);

  /// Sends the next batch, behind all writes, if none is in flight.
  void flush();

  /// Messages that wait or are in flight.
  best_effort_lane& lane() {
    return lane_;
  }

  const best_effort_lane& lane() const {
    return lane_;
  }

private:
  const database_context& context_;
  const lifecycle& life_;
  const database_children& children_;
  write_outbox& writes_;
  best_effort_lane lane_;
};

} // namespace onewriter
