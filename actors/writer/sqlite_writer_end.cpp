#include "actors/writer/sqlite_writer_state.hpp"

#include "actors/sqlite/base/errors.hpp"
#include "actors/sqlite/file/files.hpp"
#include "actors/support/thrown.hpp"
#include "onewriter/failure.hpp"

#include <algorithm>
#include <utility>

namespace onewriter {

namespace {

// Requests dropped on the way are neither run nor counted.
void add_to(std::vector<pending_write_ptr>& items, pending_write_ptr&& item) {
  insist([&] { items.push_back(std::move(item)); });
}

} // namespace

// All accepted requests go back to the database, in order: first those of the
// open transaction, then the waiting ones. Those in the mailbox follow as they
// are read.
void sqlite_writer_state::fail(caf::error reason) {
  insist([&] { failed_ = reason; });
  if (checkpointer_)
    static_cast<void>(checkpointer_->stop());
  std::vector<pending_write_ptr> unfinished;
  if (batch_)
    insist([&] { unfinished = batch_->take_unfinished(); });
  if (in_hand_)
    add_to(unfinished, std::move(in_hand_));
  handover_->note_failure(reason, batch_ && batch_->has_suspect());
  if (batch_)
    handover_->remember_commit(batch_->last().number);
  if (db_) {
    handover_->remember_files(db_->files());
    handover_->suspect_index(handover_->is_index_suspect()
                             || db_->is_index_suspect());
    db_->rollback();
    db_->keep_wal();
    if (reason == ec::file_replaced && db_->is_log_lost())
      lost_ = std::move(db_);
  }
  checkpointer_.reset();
  batch_.reset();
  runner_.reset();
  db_.reset();
  must_send(
    self_, database_,
    writer_failed{reason, handover_->is_index_suspect() || lost_ != nullptr});
  insist([&] {
    queue_->drain(
      [&](pending_write_ptr&& item) { add_to(unfinished, std::move(item)); });
  });
  for (auto& item : completion_->letters().take_follow_ups())
    add_to(unfinished, std::move(item));
  hand_back(std::move(unfinished));
  completion_->forget_arrivals();
  publish();
  completion_->best_effort_messages().send();
  closing_.reset();
}

void sqlite_writer_state::hand_back(std::vector<pending_write_ptr> items) {
  returned_requests result;
  for (auto& item : items)
    if (is_to_be_returned(item))
      add_to(result.items, std::move(item));
  // The refusal of a request without a waiting caller becomes a dead letter.
  for (auto& item : completion_->letters().take_follow_ups())
    add_to(result.items, std::move(item));
  if (!result.items.empty())
    must_send(self_, database_, result);
}

// Returns false for requests that end here.
bool sqlite_writer_state::is_to_be_returned(pending_write_ptr& item) {
  if (auto message = std::get_if<best_effort>(&item->request)) {
    completion_->best_effort_messages().give_back(std::move(*message), *item);
    return false;
  }
  auto in_doubt = item->uncertain_commit.number != 0;
  auto is_worth_trying = item->attempts < most_attempts(*failed_)
                         && !sqlite::is_lasting(code_of(*failed_));
  if (is_worth_trying || in_doubt)
    return true;
  completion_->refuse(std::move(item), *failed_);
  return false;
}

// After a permanent error the request is tried once more, alone: it is the
// cause, or will fail with the same error.
uint32_t sqlite_writer_state::most_attempts(const caf::error& reason) const {
  constexpr uint32_t once_more = 2;
  auto passes
    = sqlite::is_transient(code_of(reason)) && reason != ec::out_of_memory;
  return passes ? opts_->max_attempts
                : std::min(once_more, opts_->max_attempts);
}

void sqlite_writer_state::start_closing(const close_writer& what) {
  if (failed_)
    return;
  auto refused = closing_ ? closing_->refused : 0;
  closing_ = closing{what.limit, refused};
  if (!what.drain)
    refuse_everything();
  if (queue_->empty() && db_)
    try_to_close();
  else
    arm();
}

// Housekeeping is still done, unless it would have to wait for a lock.
void sqlite_writer_state::refuse_everything() {
  auto reason = insist(
    [] { return make_failure(ec::closed, "the database was closed first"); });
  auto is_locked = locked_since_ != clock_type::time_point::max();
  std::vector<pending_write_ptr> kept;
  auto refuse = [&](pending_write_ptr&& item) {
    if (is_housekeeping(*item) && !is_locked)
      return add_to(kept, std::move(item));
    if (auto message = std::get_if<best_effort>(&item->request))
      return completion_->best_effort_messages().give_back(std::move(*message),
                                                           *item);
    if (item->counted)
      ++closing_->refused;
    completion_->refuse(std::move(item), reason);
  };
  insist([&] { queue_->drain(refuse); });
  for (auto& item : kept)
    push(std::move(item));
  push_follow_ups();
}

void sqlite_writer_state::try_to_close() {
  if (auto err = caught("closing", [this] { return finish_closing(); });
      err != caf::none)
    fail(std::move(err));
}

caf::error sqlite_writer_state::finish_closing() {
  if (auto err = checkpointer_->stop(); err != caf::none)
    return err;
  if (auto err = db_->check_before_checkpoint(); err != caf::none)
    return err;
  writer_closed result;
  result.refused = closing_->refused + stopped_;
  result.drained = result.refused == 0;
  result.commit = batch_->last().number;
  checkpointer_.reset();
  batch_.reset();
  runner_.reset();
  if (auto err = db_->close(); err != caf::none)
    opts_->log(log_level::warning, "closing the file: " + describe(err));
  db_.reset();
  result.log_removed = sqlite::wal_size(opts_->path) == 0;
  handover_->release_lock();
  completion_->best_effort_messages().send();
  must_send(self_, database_, result);
  closing_.reset();
  quit({});
  return {};
}

// Between turns, so no transaction is open. The file is closed before other
// actors learn of the end, and the database has the reason for waiting callers.
void sqlite_writer_state::stop(caf::error reason) {
  if (!failed_) {
    insist([this] {
      failed_ = make_failure(ec::unavailable, "the writer was stopped");
    });
    checkpointer_.reset();
    batch_.reset();
    runner_.reset();
    db_.reset();
    std::vector<pending_write_ptr> items;
    insist([&] {
      queue_->drain(
        [&](pending_write_ptr&& item) { add_to(items, std::move(item)); });
    });
    hand_back(std::move(items));
    completion_->best_effort_messages().send();
  }
  rescue_log();
  quit(std::move(reason));
}

// When no reader blocks a part of it any more.
void sqlite_writer_state::rescue_log() {
  if (lost_)
    lost_->rescue_log();
  lost_.reset();
}

void sqlite_writer_state::quit(caf::error reason) {
  self_->quit(std::move(reason));
}

} // namespace onewriter
