#include "app/demo/swarm/searcher.hpp"

#include "app/demo/core/node_schema.hpp"
#include "app/demo/core/reporter.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <optional>
#include <random>
#include <utility>

namespace onewriter::node {

namespace {

using clock = reporter::clock;

constexpr size_t most_words = 500;
constexpr uint32_t most_hits = 10;

// Every so many requests.
constexpr uint64_t list_interval = 4;

class searcher_state {
public:
  explicit searcher_state(searcher_actor::pointer self) : self_{self} {
    // nop
  }

  // CAF 0.17 does not report broken promises.
  ~searcher_state() {
    if (finishing_)
      reply_.deliver(ledger_);
  }

  searcher_actor::behavior_type make_behavior(database_actor db,
                                              scoreboard_actor board,
                                              searcher_options opts) {
    db_ = std::move(db);
    reporter_.emplace(std::move(board));
    opts_ = opts;
    random_.seed(opts.number);
    schedule(opts_.think_time);
    return {
      [this](enter_stage x) { stage_ = x.stage; },
      [this](found_words& x) { learn(std::move(x.words)); },
      [this](finish) { return wind_up(); },
      [this](next_round) { ask(); },
    };
  }

  static inline const char* name = "onewriter.searcher";

private:
  // New words replace old ones, so that searches follow what is being indexed.
  void learn(std::vector<std::string> words) {
    for (auto& word : words)
      if (words_.size() < most_words)
        words_.push_back(std::move(word));
      else
        words_[random_() % most_words] = std::move(word);
  }

  void ask() {
    if (stage_ == stage::stopping)
      return;
    ++open_;
    if (words_.empty() || ++rounds_ % list_interval == 0)
      list_peers();
    else
      search_for(words_[random_() % words_.size()]);
  }

  void list_peers() {
    compat::request(self_, db_, caf::infinite, query{list_peers_sql})
      .then(
        [this, started = clock::now()](const result_set&) {
          reporter_->done(activity::list_peers, started);
          go_on();
        },
        [this](const caf::error& err) { failed(activity::list_peers, err); });
  }

  void search_for(const std::string& word) {
    search what;
    what.index = text_index;
    what.expression = '"' + word + '"';
    what.max_hits = most_hits;
    compat::request(self_, db_, caf::infinite, std::move(what))
      .then(
        [this, word, started = clock::now()](const search_hits& x) {
          reporter_->done(activity::search, started);
          note(word, x);
          go_on();
        },
        [this](const caf::error& err) { failed(activity::search, err); });
  }

  void note(const std::string& word, const search_hits& found) {
    ++ledger_.searches;
    ledger_.hits += found.hits.size();
    if (!found.hits.empty()) {
      ledger_.word = word;
      return;
    }
    ++ledger_.in_vain;
    ledger_.example = word;
  }

  void failed(activity what, const caf::error& err) {
    reporter_->failed(what, err);
    schedule(pause_after(err));
    settle();
  }

  void go_on() {
    auto average = std::chrono::nanoseconds{opts_.think_time};
    schedule(average / 2 + average * (random_() % 1'000) / 1'000);
    settle();
  }

  void schedule(std::chrono::nanoseconds delay) {
    compat::delayed_send(self_, searcher_actor{self_}, delay, next_round{});
  }

  caf::result<searcher_record> wind_up() {
    stage_ = stage::stopping;
    finishing_ = true;
    reply_ = self_->make_response_promise<searcher_record>();
    ++open_;
    settle();
    return reply_;
  }

  void settle() {
    if (--open_ > 0 || !finishing_)
      return;
    finishing_ = false;
    reporter_->flush();
    reply_.deliver(ledger_);
    self_->quit();
  }

  searcher_actor::pointer self_;
  database_actor db_;
  std::optional<reporter> reporter_;
  searcher_options opts_;
  enum stage stage_ = stage::unmeasured;
  std::minstd_rand random_;
  std::vector<std::string> words_;
  uint64_t rounds_ = 0;
  searcher_record ledger_;
  // Requests without an answer yet.
  size_t open_ = 0;
  bool finishing_ = false;
  caf::typed_response_promise<searcher_record> reply_;
};

searcher_actor::behavior_type
searcher(searcher_actor::stateful_pointer<searcher_state> self,
         database_actor db, scoreboard_actor board, searcher_options opts) {
  return compat::state(self).make_behavior(std::move(db), std::move(board),
                                           opts);
}

} // namespace

searcher_actor spawn_searcher(caf::actor_system& sys, database_actor db,
                              scoreboard_actor board, searcher_options opts) {
  return sys.spawn(searcher, std::move(db), std::move(board), opts);
}

} // namespace onewriter::node
