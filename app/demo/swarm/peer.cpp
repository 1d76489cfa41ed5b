#include "app/demo/swarm/peer.hpp"

#include "actors/support/wall_clock.hpp"
#include "app/demo/core/node_schema.hpp"
#include "app/demo/core/reporter.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <random>
#include <utility>

namespace onewriter::node {

namespace {

using clock = reporter::clock;

// Every so many connects.
constexpr uint64_t domain_interval = 4;
constexpr uint64_t lookup_interval = 8;

constexpr uint64_t updates_per_connect = 2;

class peer_state {
public:
  explicit peer_state(peer_actor::pointer self) : self_{self} {
    // nop
  }

  // CAF 0.17 does not report broken promises.
  ~peer_state() {
    if (finishing_)
      reply_.deliver(ledger_);
  }

  peer_actor::behavior_type
  make_behavior(database_actor db, scoreboard_actor board, peer_options opts) {
    db_ = std::move(db);
    reporter_.emplace(std::move(board));
    opts_ = opts;
    ledger_.peer = opts.peer;
    random_.seed(static_cast<uint32_t>(opts.peer));
    schedule(think_time());
    return {
      [this](enter_stage x) { stage_ = x.stage; },
      [this](finish) { return wind_up(); },
      [this](next_round) { connect(); },
    };
  }

  static inline const char* name = "onewriter.peer";

private:
  // -- connecting ------------------------------------------------------------------

  void connect() {
    if (stage_ == stage::stopping)
      return;
    auto number = ++ledger_.sent;
    ++open_;
    compat::request(self_, db_, caf::infinite, connection(number))
      .then(
        [=, started = clock::now(), then = stage_](write_receipt& x) {
          reporter_->done(activity::connect, started, then, stage_);
          connected(number, x);
        },
        [=](const caf::error& err) { not_connected(number, err); });
  }

  write connection(uint64_t number) {
    write result{upsert_peer_sql, opts_.peer, peer_name(opts_.peer), address()};
    result.then(insert_session_sql, opts_.run, opts_.peer,
                static_cast<int64_t>(number), unix_ms_now());
    return result;
  }

  std::string address() {
    auto part = [this] {
      return std::to_string(random_() % 254 + 1);
    };
    return "10." + part() + '.' + part() + '.' + part() + ":4001";
  }

  void connected(uint64_t number, const write_receipt& receipt) {
    auto id = receipt.returned.at(0).rows.at(0).get<int64_t>(0);
    ledger_.marks += session_mark(opts_.peer, number, id);
    for (uint64_t i = 0; i < updates_per_connect; ++i)
      send_update();
    if (number % domain_interval == 0 && !changing_domain_)
      change_domain();
    if (number % lookup_interval == 0)
      look_up(number, id);
    schedule(think_time());
    settle();
  }

  void not_connected(uint64_t number, const caf::error& err) {
    reporter_->failed(activity::connect, err);
    auto unknown = advice_of(code_of(err)) == advice::check_outcome;
    (unknown ? ledger_.unknown : ledger_.refused).push_back(number);
    schedule(pause_after(err));
    settle();
  }

  // -- what comes with it ------------------------------------------------------------

  void send_update() {
    auto number = static_cast<int64_t>(++ledger_.peer_updates);
    auto load = static_cast<double>(random_() % 10'000) / 100;
    reporter_->sent(activity::update_peer);
    compat::send(self_, db_,
                 best_effort{"peer " + std::to_string(opts_.peer),
                             update_peer_sql, load, opts_.run, number,
                             opts_.peer});
  }

  void change_domain() {
    write what{upsert_domain_sql, peer_name(opts_.peer) + ".example",
               opts_.peer};
    what.priority = priority::background;
    changing_domain_ = true;
    ++open_;
    compat::request(self_, db_, caf::infinite, std::move(what))
      .then(
        [this, started = clock::now()](const write_receipt&) {
          reporter_->done(activity::update_domain, started);
          domain_changed({});
        },
        [this](const caf::error& err) {
          reporter_->failed(activity::update_domain, err);
          domain_changed(err);
        });
  }

  void domain_changed(const caf::error& err) {
    changing_domain_ = false;
    if (err == caf::none)
      ++ledger_.domain_updates;
    else if (advice_of(code_of(err)) == advice::check_outcome)
      ++ledger_.domain_unknown;
    settle();
  }

  // A query sees every write whose receipt was sent before.
  void look_up(uint64_t number, int64_t id) {
    ++open_;
    compat::request(self_, db_, caf::infinite, query{find_session_sql, id})
      .then(
        [=, started = clock::now()](const result_set& x) {
          reporter_->done(activity::look_up, started);
          ++ledger_.lookups;
          if (x.rows.empty() || x.rows[0].get<int64_t>(0) != opts_.peer
              || x.rows[0].get<uint64_t>(1) != number)
            ++ledger_.overlooked;
          settle();
        },
        [this](const caf::error& err) {
          reporter_->failed(activity::look_up, err);
          settle();
        });
  }

  // -- rounds ----------------------------------------------------------------------

  std::chrono::nanoseconds think_time() {
    auto average = std::chrono::nanoseconds{opts_.think_time}.count();
    auto share = static_cast<double>(random_()) / std::minstd_rand::max();
    return std::chrono::nanoseconds{
      static_cast<int64_t>(static_cast<double>(average) * (0.5 + share))};
  }

  void schedule(std::chrono::nanoseconds delay) {
    compat::delayed_send(self_, peer_actor{self_}, delay, next_round{});
  }

  // -- the end ---------------------------------------------------------------------

  caf::result<peer_record> wind_up() {
    stage_ = stage::stopping;
    finishing_ = true;
    reply_ = self_->make_response_promise<peer_record>();
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

  peer_actor::pointer self_;
  database_actor db_;
  std::optional<reporter> reporter_;
  peer_options opts_;
  enum stage stage_ = stage::unmeasured;
  std::minstd_rand random_;
  peer_record ledger_;
  bool changing_domain_ = false;
  // Requests without an answer yet.
  size_t open_ = 0;
  bool finishing_ = false;
  caf::typed_response_promise<peer_record> reply_;
};

peer_actor::behavior_type peer(peer_actor::stateful_pointer<peer_state> self,
                               database_actor db, scoreboard_actor board,
                               peer_options opts) {
  return compat::state(self).make_behavior(std::move(db), std::move(board),
                                           opts);
}

} // namespace

peer_actor spawn_peer(caf::actor_system& sys, database_actor db,
                      scoreboard_actor board, peer_options opts) {
  return sys.spawn(peer, std::move(db), std::move(board), opts);
}

std::string peer_name(int64_t peer) {
  constexpr const char* first[]
    = {"amber", "brisk", "calm", "dusky", "early", "fond", "green", "hazel"};
  constexpr const char* second[] = {"badger", "crane", "dingo", "egret",
                                    "falcon", "gecko", "heron", "otter"};
  auto number = static_cast<uint64_t>(peer);
  return std::string{first[number % 8]} + '-' + second[number / 8 % 8] + '-'
         + std::to_string(peer);
}

} // namespace onewriter::node
