#pragma once

#include "actors/database/admission/admission.hpp"
#include "actors/database/admission/joined_writes.hpp"
#include "actors/database/lifecycle/closing_sequence.hpp"
#include "actors/database/statistics/statistics_collector.hpp"
#include "actors/database/write_outbox.hpp"

#include <cstdint>

namespace onewriter {

/// Takes requests that write, from callers and from the database's own actors:
/// admits or refuses them, takes the duty to reply from CAF, and puts them into
/// the outbox. Belongs to the database actor.
class write_intake {
public:
  write_intake(const database_context& context, const lifecycle& life,
               closing_sequence& closing, write_outbox& outbox,
               const statistics_collector& measures);

  /// Takes the current message, which came through the gate. `Request`:
  /// `write`, `call` or `transaction`. Errors: those of `admission::refusal`,
  /// for a sender that waits for the reply.
  template <class Request>
  caf::result<write_receipt> take(Request& what, flow_gate& gate);

  /// The same for a request of `sender`, which was counted on its way.
  template <class Request>
  caf::result<write_receipt> admit(Request& what, uint64_t sender);

  /// Takes writes of a joined process, which were counted on their way.
  void take(joined_writes& what);

  /// Takes the current message, a request of the database's own actors.
  caf::result<write_receipt> take_over(pending_write_ptr what);

  /// Takes what a failed writer returns.
  void take_back(returned_requests& what);

  /// Takes a request to change a dead letter, the current message.
  caf::result<write_receipt> change_letters(work_request request);

  const admission& counts() const {
    return admission_;
  }

private:
  template <class Fill>
  caf::expected<pending_write_ptr> admitted(uint64_t sender, Fill fill_in);

  void take(joined_write& what, uint64_t sender);

  caf::result<write_receipt> refuse(caf::error reason);

  void forward(pending_write_ptr what);

  uint64_t sender_key() const;

  const database_context& context_;
  const lifecycle& life_;
  closing_sequence& closing_;
  write_outbox& outbox_;
  const statistics_collector& measures_;
  admission admission_;
};

} // namespace onewriter
