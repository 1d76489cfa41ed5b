#include "app/demo/content/index_feeder.hpp"

#include "app/demo/content/word_picker.hpp"
#include "app/demo/core/node_schema.hpp"
#include "app/demo/core/reporter.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <utility>

namespace onewriter::node {

namespace {

using clock = reporter::clock;

constexpr auto poll_interval = std::chrono::milliseconds{50};
constexpr size_t words_per_text = 4;

class index_feeder_state {
public:
  explicit index_feeder_state(index_feeder_actor::pointer self) : self_{self} {
    // nop
  }

  // CAF 0.17 does not report broken promises.
  ~index_feeder_state() {
    if (finishing_)
      reply_.deliver(state_);
  }

  index_feeder_actor::behavior_type
  make_behavior(database_actor db, scoreboard_actor board,
                index_feeder_options opts, std::function<void()> when_done) {
    db_ = std::move(db);
    board_ = board;
    reporter_.emplace(std::move(board));
    opts_ = std::move(opts);
    when_done_ = std::move(when_done);
    schedule({});
    return {
      [this](enter_stage x) { enter(x.stage); },
      [this](no_more_files) { complete_ = true; },
      [this](finish) { return wind_up(); },
      [this](next_round) { advance(); },
    };
  }

  static inline const char* name = "onewriter.index_feeder";

private:
  struct text {
    int64_t file = 0;
    std::string path;
  };

  // -- finding texts ---------------------------------------------------------------

  void advance() {
    if (stopping_)
      return;
    for (auto& what : std::exchange(again_, {}))
      ready_.push_back(std::move(what));
    start_jobs();
    if (ready_.empty() && !looking_ && !exhausted_)
      look_for_texts();
  }

  void start_jobs() {
    while (running_.size() < opts_.jobs && !ready_.empty()) {
      index(ready_.front());
      ready_.pop_front();
    }
  }

  void look_for_texts() {
    looking_ = true;
    ++open_;
    // Asked before the question is sent: nothing comes after an empty answer.
    auto last = complete_;
    compat::request(self_, db_, caf::infinite,
                    query{next_texts_sql, opts_.run, last_file_})
      .then([this, last](const result_set& x) { found(x, last); },
            [this](const caf::error& err) {
              reporter_->failed(activity::look_up, err);
              looking_ = false;
              schedule(pause_after(err));
              settle();
            });
  }

  void found(const result_set& texts, bool last) {
    looking_ = false;
    for (auto& line : texts.rows)
      ready_.push_back({line.get<int64_t>(0), line.get<std::string>(1)});
    if (!ready_.empty())
      last_file_ = ready_.back().file;
    else if (!last)
      schedule(poll_interval);
    else
      exhausted_ = true;
    start_jobs();
    settle();
  }

  // -- indexing --------------------------------------------------------------------

  void index(const text& what) {
    ++open_;
    running_.emplace(what.file, what.path);
    chunked_index request;
    request.index = text_index;
    request.key = what.path;
    request.path = what.path;
    compat::request(self_, db_, caf::infinite, std::move(request))
      .then(
        [this, what, started = clock::now()](const index_receipt& x) {
          reporter_->done(activity::index_text, started);
          indexed(what, x);
        },
        [this, what](const caf::error& err) { not_indexed(what, err); });
  }

  void indexed(const text& what, const index_receipt& receipt) {
    ++state_.texts;
    state_.bytes += receipt.bytes;
    state_.passages += receipt.passages;
    state_.chunks += receipt.chunks;
    state_.unchanged += receipt.unchanged ? 1 : 0;
    state_.longest_chunk
      = std::max(state_.longest_chunk, receipt.longest_chunk);
    note(what.file, receipt.passages);
    learn_words(what.file);
    ended(what.file);
  }

  void not_indexed(const text& what, const caf::error& err) {
    switch (code_of(err)) {
      case ec::document_changed:
      case ec::unreadable_document:
      case ec::invalid_text:
        ++state_.changed;
        break;
      case ec::cancelled:
        ++state_.cancelled;
        break;
      default:
        reporter_->failed(activity::index_text, err);
        try_again(what, err);
    }
    ended(what.file);
  }

  void try_again(const text& what, const caf::error& err) {
    if (advice_of(code_of(err)) != advice::retry || stopping_)
      return;
    again_.push_back(what);
    schedule(pause_after(err));
  }

  void ended(int64_t file) {
    running_.erase(file);
    compat::anon_send(board_, state_);
    start_jobs();
    if (ready_.empty())
      schedule({});
    settle();
  }

  // -- what comes with it ------------------------------------------------------------

  void note(int64_t file, uint64_t passages) {
    write what{note_passages_sql, static_cast<int64_t>(passages), file};
    what.priority = priority::background;
    ++open_;
    compat::request(self_, db_, caf::infinite, std::move(what))
      .then([this](const write_receipt&) { settle(); },
            [this](const caf::error& err) {
              reporter_->failed(activity::index_text, err);
              settle();
            });
  }

  void learn_words(int64_t file) {
    ++open_;
    compat::request(self_, db_, caf::infinite, query{first_bytes_sql, file})
      .then(
        [this, file](const result_set& x) {
          if (!x.rows.empty())
            share_words(file, x.rows.front().get<blob>(0));
          settle();
        },
        [this](const caf::error& err) {
          reporter_->failed(activity::look_up, err);
          settle();
        });
  }

  void share_words(int64_t file, const blob& bytes) {
    std::string_view sample{reinterpret_cast<const char*>(bytes.data()),
                            bytes.size()};
    found_words what{
      pick_words(sample, words_per_text, static_cast<uint32_t>(file))};
    if (what.words.empty() || opts_.searchers.empty())
      return;
    auto index = static_cast<size_t>(file) % opts_.searchers.size();
    compat::anon_send(opts_.searchers[index], std::move(what));
  }

  // -- the end ---------------------------------------------------------------------

  void schedule(std::chrono::nanoseconds delay) {
    compat::delayed_send(self_, index_feeder_actor{self_}, delay, next_round{});
  }

  // Texts that have not been indexed by now will not be.
  void enter(stage what) {
    if (what != stage::stopping || stopping_)
      return;
    stopping_ = true;
    state_.cancelled += ready_.size() + again_.size();
    ready_.clear();
    again_.clear();
    for (auto& [file, path] : running_)
      compat::anon_send(db_, cancel_index{text_index, path});
  }

  caf::result<index_state> wind_up() {
    enter(stage::stopping);
    finishing_ = true;
    reply_ = self_->make_response_promise<index_state>();
    ++open_;
    settle();
    return reply_;
  }

  void settle() {
    if (--open_ > 0)
      return;
    if (exhausted_ && ready_.empty() && again_.empty() && !state_.finished)
      become_done();
    if (!finishing_)
      return;
    finishing_ = false;
    reporter_->flush();
    reply_.deliver(state_);
    self_->quit();
  }

  void become_done() {
    state_.finished = true;
    reporter_->flush();
    compat::anon_send(board_, state_);
    when_done_();
  }

  index_feeder_actor::pointer self_;
  database_actor db_;
  scoreboard_actor board_;
  std::optional<reporter> reporter_;
  index_feeder_options opts_;
  std::function<void()> when_done_;

  // Texts to be indexed, to be tried again, and those that are being indexed.
  std::deque<text> ready_;
  std::vector<text> again_;
  std::map<int64_t, std::string> running_;
  int64_t last_file_ = 0;
  bool looking_ = false;
  // Everything is stored; and all of that has been found.
  bool complete_ = false;
  bool exhausted_ = false;

  index_state state_;
  // Requests without an answer yet.
  size_t open_ = 0;
  bool stopping_ = false;
  bool finishing_ = false;
  caf::typed_response_promise<index_state> reply_;
};

index_feeder_actor::behavior_type
index_feeder(index_feeder_actor::stateful_pointer<index_feeder_state> self,
             database_actor db, scoreboard_actor board,
             index_feeder_options opts, std::function<void()> when_done) {
  return compat::state(self).make_behavior(
    std::move(db), std::move(board), std::move(opts), std::move(when_done));
}

} // namespace

index_feeder_actor spawn_index_feeder(caf::actor_system& sys, database_actor db,
                                      scoreboard_actor board,
                                      index_feeder_options opts,
                                      std::function<void()> when_done) {
  return sys.spawn(index_feeder, std::move(db), std::move(board),
                   std::move(opts), std::move(when_done));
}

} // namespace onewriter::node
