#include "actors/database/write_outbox.hpp"

#include "actors/support/thrown.hpp"
#include "onewriter/compat/messaging.hpp"

#include <utility>

namespace onewriter {

void write_outbox::push(pending_write_ptr what) {
  if (life_.is_open()) {
    insist([&] { unsent_.push_back(std::move(what)); });
    return schedule_flush();
  }
  insist([&] { stash_.push(what); });
}

// Messages in the mailbox come before the message to itself. A long round is
// split, so that the writer does not wait for its end.
void write_outbox::schedule_flush() {
  constexpr size_t most_items = 64;
  if (unsent_.size() >= most_items)
    return flush();
  if (is_flush_scheduled_)
    return;
  must_send(context_.self, context_.core(), flush_work{});
  is_flush_scheduled_ = true;
}

void write_outbox::flush() {
  if (unsent_.empty() || !life_.is_open())
    return;
  write_requests what{std::move(unsent_)};
  unsent_.clear();
  insist(
    [&] { compat::send_or_keep(context_.self, children_.writer(), what); });
}

void write_outbox::flush_as_scheduled() {
  is_flush_scheduled_ = false;
  flush();
}

void write_outbox::stash_unsent() {
  for (auto& what : std::exchange(unsent_, {}))
    insist([&] { stash_.push(what); });
}

void write_outbox::resume(const writer_ready& found) {
  stash_unsent();
  stash_.settle(found);
  unsent_ = stash_.take();
  flush();
}

} // namespace onewriter
