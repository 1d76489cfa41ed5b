#pragma once

#include "actors/database/admission/write_stash.hpp"
#include "actors/database/database_children.hpp"
#include "actors/database/lifecycle/lifecycle.hpp"

#include <vector>

namespace onewriter {

/// Requests that write, on their way to the writer: those of one round of the
/// database's mailbox are sent in one message, and without a writer they wait
/// in the stash. Belongs to the database actor.
class write_outbox {
public:
  write_outbox(const database_context& context, const lifecycle& life,
               const database_children& children)
    : context_{context},
      life_{life},
      children_{children} {
    // nop
  }

  /// Adds a request that was accepted, or that a failed writer has returned.
  void push(pending_write_ptr what);

  /// Sends what has been added. Called before all other messages to the writer.
  void flush();

  /// The message that `push` has sent to the database itself has arrived.
  void flush_as_scheduled();

  /// Stashes what was not sent yet: its writer has ended.
  void stash_unsent();

  /// Sends what has waited to a new writer.
  void resume(const writer_ready& found);

  /// Requests that wait for a writer.
  write_stash& stash() {
    return stash_;
  }

  const write_stash& stash() const {
    return stash_;
  }

private:
  void schedule_flush();

  const database_context& context_;
  const lifecycle& life_;
  const database_children& children_;
  std::vector<pending_write_ptr> unsent_;
  bool is_flush_scheduled_ = false;
  write_stash stash_;
};

} // namespace onewriter
