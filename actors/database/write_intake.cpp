#include "actors/database/write_intake.hpp"

#include "actors/support/thrown.hpp"
#include "messages/compat/requests.hpp"

#include <memory>
#include <utility>

namespace onewriter {

write_intake::write_intake(const database_context& context,
                           const lifecycle& life, closing_sequence& closing,
                           write_outbox& outbox,
                           const statistics_collector& measures)
  : context_{context},
    life_{life},
    closing_{closing},
    outbox_{outbox},
    measures_{measures},
    admission_{context.opts, context.shared, outbox.stash()} {
  // nop
}

// Returns the request that `fill_in` has filled in, counted.
template <class Fill>
caf::expected<pending_write_ptr>
write_intake::admitted(uint64_t sender, Fill fill_in) {
  pending_write_ptr item;
  auto err = caught("the request", [&] {
    item = context_.handover->pool().take();
    fill_in(*item);
    item->sender = sender;
    return admission_.refusal(*item, life_.unavailability(),
                              measures_.requests_per_second());
  });
  if (err != caf::none) {
    admission_.count_refused();
    return err;
  }
  admission_.count_admitted(*item);
  return item;
}

template <class Request>
caf::result<write_receipt> write_intake::take(Request& what, flow_gate& gate) {
  gate.leave(bytes_of(what));
  return admit(what, sender_key());
}

template <class Request>
caf::result<write_receipt> write_intake::admit(Request& what, uint64_t sender) {
  // Refusing a flood must be cheap, or the mailbox only grows.
  if (!compat::is_request(context_.self) && admission_.shed())
    return caf::delegated<write_receipt>{};
  auto item = admitted(sender, [&](pending_write& to) {
    fill(to, what, pending_write::clock::now());
  });
  if (!item)
    return refuse(std::move(item.error()));
  return take_over(std::move(*item));
}

template caf::result<write_receipt> write_intake::take(write&, flow_gate&);
template caf::result<write_receipt> write_intake::take(call&, flow_gate&);
template caf::result<write_receipt> write_intake::take(transaction&,
                                                       flow_gate&);
template caf::result<write_receipt> write_intake::admit(write&, uint64_t);

void write_intake::take(joined_writes& what) {
  for (auto& x : what.items)
    take(x, what.sender);
}

void write_intake::take(joined_write& what, uint64_t sender) {
  auto now = pending_write::clock::now();
  auto item = admitted(sender, [&](pending_write& to) {
    std::visit([&](auto& request) { fill(to, request, now); }, what.request);
  });
  if (!item)
    return what.reply.deliver(std::move(item.error()), context_.self);
  (*item)->position = std::move(what.position);
  (*item)->reply = std::move(what.reply);
  forward(std::move(*item));
}

caf::result<write_receipt> write_intake::take_over(pending_write_ptr what) {
  what->reply = pending_reply{context_.self};
  forward(std::move(what));
  return caf::delegated<write_receipt>{};
}

void write_intake::take_back(returned_requests& what) {
  for (auto& item : what.items)
    forward(std::move(item));
}

caf::result<write_receipt> write_intake::change_letters(work_request request) {
  if (auto err = life_.unavailability(); err != caf::none)
    return refuse(std::move(err));
  auto what = std::make_shared<pending_write>();
  what->request = std::move(request);
  what->changes_letters = true;
  what->arrived = pending_write::clock::now();
  return take_over(std::move(what));
}

// Errors are only for waiting callers, too: other senders would get an
// unexpected message.
caf::result<write_receipt> write_intake::refuse(caf::error reason) {
  if (compat::is_request(context_.self))
    return reason;
  return caf::delegated<write_receipt>{};
}

void write_intake::forward(pending_write_ptr what) {
  if (closing_.writer_refuses_rest())
    return what->reply.deliver(insist(closed_error), context_.self);
  outbox_.push(std::move(what));
  // A failing writer may still return accepted requests: the stash counts them,
  // and knows which have an uncertain commit.
  if (life_.is_over()) {
    auto reason = insist([this] { return life_.unavailability(); });
    closing_.count_refused(outbox_.stash().refuse(reason));
  }
}

// The address of CAF's control block of an actor is unique while the actor
// lives.
uint64_t write_intake::sender_key() const {
  return reinterpret_cast<uintptr_t>(context_.self->current_sender().get());
}

} // namespace onewriter
