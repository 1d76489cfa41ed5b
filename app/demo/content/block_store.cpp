#include "app/demo/content/block_store.hpp"

#include "actors/console/format.hpp"
#include "app/demo/content/block_group.hpp"
#include "app/demo/content/file_blocks.hpp"
#include "app/demo/core/reporter.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace onewriter::node {

namespace {

using clock = reporter::clock;

class block_store_state {
public:
  explicit block_store_state(block_store_actor::pointer self) : self_{self} {
    // nop
  }

  // CAF 0.17 does not report broken promises.
  ~block_store_state() {
    if (finishing_)
      reply_.deliver(state_);
  }

  block_store_actor::behavior_type
  make_behavior(database_actor db, scoreboard_actor board,
                block_store_options opts, std::function<void()> when_done) {
    db_ = std::move(db);
    board_ = board;
    reporter_.emplace(std::move(board));
    opts_ = std::move(opts);
    when_done_ = std::move(when_done);
    walk_.emplace(opts_.root, opts_.excluded);
    state_.total_files = opts_.total.files;
    state_.total_bytes = opts_.total.bytes;
    last_file_ = opts_.last_file;
    compat::send(self_, block_store_actor{self_}, next_round{});
    return {
      [this](enter_stage x) { stopping_ = x.stage == stage::stopping; },
      [this](finish) { return wind_up(); },
      [this](next_round) { advance(); },
    };
  }

  static inline const char* name = "onewriter.block_store";

private:
  // -- reading -------------------------------------------------------------------

  void fill() {
    while (!next_.full() && !at_end_) {
      if (!blocks_)
        open_next();
      else
        read_block();
    }
  }

  void open_next() {
    auto found = walk_->next();
    if (!found) {
      at_end_ = true;
      return;
    }
    auto blocks = std::make_unique<file_blocks>(found->path);
    if (blocks->failed()) {
      ++state_.unreadable;
      return;
    }
    blocks_ = std::move(blocks);
    position_ = 0;
    auto path = printable(found->path);
    has_plain_name_ = path == found->path;
    next_.begin_file(++last_file_, opts_.run, std::move(path));
  }

  void read_block() {
    if (auto block = blocks_->next())
      return next_.add_block(last_file_, position_++, std::move(*block));
    // A file under a changed name cannot be found again to be indexed.
    if (blocks_->failed())
      ++state_.unreadable;
    else
      next_.end_file(last_file_, blocks_->size(), blocks_->hash(),
                     blocks_->is_text() && has_plain_name_);
    blocks_.reset();
  }

  // -- storing -------------------------------------------------------------------

  void advance() {
    if (retrying_)
      return store_current();
    if (stopping_)
      return;
    fill();
    if (!storing_)
      store_next();
    // Reads ahead while the writer is busy.
    fill();
  }

  void store_next() {
    if (next_.empty())
      return become_done();
    current_ = std::exchange(next_, {});
    ++number_;
    storing_ = true;
    store_current();
  }

  void store_current() {
    retrying_ = false;
    compat::request(self_, db_, caf::infinite,
                    current_.request(opts_.run, number_))
      .then(
        [this, started = clock::now()](const write_receipt& x) {
          reporter_->done(activity::put_blocks, started);
          stored(x, clock::now() - started);
        },
        [this](const caf::error& err) { not_stored(err); });
  }

  // Afterwards leaves the writer to other senders for as long as it took: their
  // writes wait behind one group at the most.
  void stored(const write_receipt& receipt, std::chrono::nanoseconds took) {
    state_.files += current_.files();
    state_.bytes += current_.bytes();
    state_.blocks += current_.blocks();
    state_.texts += current_.texts();
    state_.text_bytes += current_.text_bytes();
    state_.new_blocks += current_.new_blocks(receipt.changes);
    tell();
    go_on(took);
  }

  // The group has an idempotency key: it may always be sent again, unless it
  // can never succeed.
  void not_stored(const caf::error& err) {
    reporter_->failed(activity::put_blocks, err);
    auto what = advice_of(code_of(err));
    if (what == advice::fix_request || what == advice::give_up) {
      stopping_ = true;
      return go_on({});
    }
    retrying_ = true;
    compat::delayed_send(self_, block_store_actor{self_}, pause_after(err),
                         next_round{});
  }

  void go_on(std::chrono::nanoseconds pause) {
    storing_ = false;
    if (finishing_)
      return complete();
    compat::delayed_send(self_, block_store_actor{self_}, pause, next_round{});
  }

  void become_done() {
    if (state_.finished)
      return;
    state_.finished = true;
    reporter_->flush();
    tell();
    when_done_();
  }

  void tell() {
    compat::anon_send(board_, state_);
  }

  // -- the end ---------------------------------------------------------------------

  caf::result<store_state> wind_up() {
    stopping_ = true;
    finishing_ = true;
    reply_ = self_->make_response_promise<store_state>();
    if (!storing_)
      complete();
    return reply_;
  }

  void complete() {
    finishing_ = false;
    reporter_->flush();
    tell();
    reply_.deliver(state_);
    self_->quit();
  }

  block_store_actor::pointer self_;
  database_actor db_;
  scoreboard_actor board_;
  std::optional<reporter> reporter_;
  block_store_options opts_;
  std::function<void()> when_done_;

  std::optional<file_walk> walk_;
  // The file that is being read.
  std::unique_ptr<file_blocks> blocks_;
  int64_t last_file_ = 0;
  int64_t position_ = 0;
  bool has_plain_name_ = true;
  bool at_end_ = false;

  // The group that is being read, and the one that is being stored.
  block_group next_;
  block_group current_;
  uint64_t number_ = 0;
  bool storing_ = false;
  bool retrying_ = false;

  store_state state_;
  bool stopping_ = false;
  bool finishing_ = false;
  caf::typed_response_promise<store_state> reply_;
};

block_store_actor::behavior_type
block_store(block_store_actor::stateful_pointer<block_store_state> self,
            database_actor db, scoreboard_actor board, block_store_options opts,
            std::function<void()> when_done) {
  return compat::state(self).make_behavior(
    std::move(db), std::move(board), std::move(opts), std::move(when_done));
}

} // namespace

block_store_actor spawn_block_store(caf::actor_system& sys, database_actor db,
                                    scoreboard_actor board,
                                    block_store_options opts,
                                    std::function<void()> when_done) {
  return sys.spawn<caf::detached>(block_store, std::move(db), std::move(board),
                                  std::move(opts), std::move(when_done));
}

} // namespace onewriter::node
