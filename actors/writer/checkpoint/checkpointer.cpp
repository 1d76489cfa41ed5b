#include "actors/writer/checkpoint/checkpointer.hpp"

#include "actors/support/guarded_log.hpp"
#include "actors/support/thrown.hpp"
#include "onewriter/failure.hpp"
#include "onewriter/protocol.hpp"

#include <utility>

namespace onewriter {

namespace {

bool may_try_again(const caf::error& reason) {
  return reason == ec::busy || reason == ec::run_limit_exceeded;
}

} // namespace

checkpointer::checkpointer(sqlite::connection& db, const options& opts,
                           gauge& made, std::function<void()> when_copied)
  : db_{db},
    how_{sqlite::connection_options::from(opts, sqlite::role::copier)},
    made_{made},
    when_copied_{std::move(when_copied)},
    log_{opts.log},
    pages_between_{effective_checkpoint_pages(opts)},
    limit_bytes_{opts.wal_limit_bytes},
    page_bytes_{static_cast<uint64_t>(db.page_size())},
    due_at_rest_{pages_between_} {
  // nop
}

caf::error checkpointer::keep_up() {
  if (is_copying())
    return copier_->is_done() || is_far_ahead() ? after_copy() : caf::error{};
  return is_due() ? begin() : caf::error{};
}

bool checkpointer::is_due() const {
  // The first is cheaper, and at least as much.
  return db_.wal_pages() >= due_at_rest_ && progress().rest() >= due_at_rest_;
}

caf::error checkpointer::begin() {
  if (auto err = db_.check_before_checkpoint(); err != caf::none)
    return err;
  auto must_wait = is_blocked_ && is_over_limit(progress().pages);
  return !must_wait && start_copy() ? caf::error{} : finish();
}

bool checkpointer::start_copy() {
  auto err = caught("a thread that copies the log", [this] {
    if (!copier_)
      copier_
        = std::make_unique<copier_thread>(how_, db_.files(), when_copied_);
    return caf::error{};
  });
  if (err != caf::none) {
    give_up_copying(err);
    return false;
  }
  before_ = progress();
  copier_->start();
  return true;
}

// The writer makes this checkpoint, and may have better luck with the next.
void checkpointer::give_up_copying(const caf::error& reason) {
  copier_.reset();
  if (log_ && !std::exchange(has_given_up_, true))
    log_guarded(log_, log_level::warning, [&] {
      return "the writer copies the log itself: " + describe(reason);
    });
}

caf::error checkpointer::after_copy() {
  auto problem = take_copy();
  if (db_.is_index_suspect())
    return problem;
  if (may_try_again(problem)) {
    due_at_rest_ = progress().rest() + pages_between_ / 4 + 1;
    return {};
  }
  if (problem == caf::none)
    return go_on();
  give_up_copying(problem);
  return finish();
}

caf::error checkpointer::take_copy() {
  auto outcome = copier_->take();
  db_.note_copy(outcome.is_index_suspect);
  return std::move(outcome.problem);
}

caf::error checkpointer::go_on() {
  auto now = progress();
  has_given_up_ = false;
  is_blocked_ = now.copied < before_.pages;
  if (now.rest() == 0 && !is_over_limit(now.pages)) {
    made_.add(1);
    due_at_rest_ = pages_between_;
    return {};
  }
  // Another copy would leave less only if they get shorter. With a sixteenth
  // left, a commit waits half as long as with a quarter; with less it waits for
  // the syncs alone.
  auto is_worth_it = !is_blocked_ && now.rest() < before_.rest()
                     && now.rest() > pages_between_ / 16;
  if (!is_worth_it)
    return finish();
  before_ = now;
  copier_->start();
  return {};
}

caf::error checkpointer::finish() {
  auto receipt = make(is_over_limit(progress().pages));
  return receipt ? caf::error{} : std::move(receipt.error());
}

caf::expected<checkpoint_receipt> checkpointer::run(bool truncate) {
  if (is_copying()) {
    copier_->interrupt();
    auto problem = take_copy();
    if (db_.is_index_suspect())
      return problem;
  }
  return make(truncate);
}

caf::expected<checkpoint_receipt> checkpointer::make(bool truncate) {
  auto result = db_.checkpoint(truncate ? sqlite::checkpoint_mode::truncate
                                        : sqlite::checkpoint_mode::passive);
  made_.add(1);
  // If readers block it, or it fails, the next attempt is as many pages later.
  due_at_rest_ = progress().rest() + pages_between_;
  return result;
}

caf::error checkpointer::stop() {
  if (!copier_)
    return {};
  caf::error problem;
  if (is_copying()) {
    copier_->interrupt();
    problem = take_copy();
  }
  copier_.reset();
  return db_.is_index_suspect() ? problem : caf::error{};
}

bool checkpointer::is_copying() const {
  return copier_ && copier_->is_copying();
}

// The writer is faster than the disk with the file: it waits.
bool checkpointer::is_far_ahead() const {
  return is_over_limit(db_.wal_pages() - before_.pages);
}

bool checkpointer::is_over_limit(int64_t pages) const {
  return pages > 0 && static_cast<uint64_t>(pages) * page_bytes_ > limit_bytes_;
}

sqlite::log_progress checkpointer::progress() const {
  auto result = db_.progress();
  return result ? *result : sqlite::log_progress{db_.wal_pages(), 0};
}

} // namespace onewriter
