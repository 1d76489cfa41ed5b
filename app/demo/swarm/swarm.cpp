#include "app/demo/swarm/swarm.hpp"

#include "app/demo/content/index_feeder.hpp"
#include "app/demo/swarm/fault_injector.hpp"
#include "app/demo/swarm/peer.hpp"
#include "app/demo/swarm/searcher.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <utility>

namespace onewriter::node {

namespace {

// Asks `whom` to finish and hands the reply to `take`. Returns why there is
// none.
template <class Reply, class Handle, class F>
caf::error finished(caf::scoped_actor& self, const Handle& whom, F take) {
  caf::error result;
  compat::request(self, whom, caf::infinite, finish{})
    .receive([&](Reply& x) { take(std::move(x)); },
             [&](caf::error& err) { result = std::move(err); });
  return result;
}

} // namespace

swarm::swarm(caf::actor_system& sys, database_actor db, scoreboard_actor board,
             swarm_options opts)
  : self_{sys},
    db_{std::move(db)},
    board_{std::move(board)},
    opts_{std::move(opts)} {
  for (uint32_t i = 1; i <= opts_.peers; ++i) {
    peer_options peer;
    peer.peer = i;
    peer.run = opts_.run;
    peers_.push_back(spawn_peer(sys, db_, board_, peer));
  }
  for (uint32_t i = 1; i <= opts_.searchers; ++i) {
    searcher_options searcher;
    searcher.number = i;
    searchers_.push_back(spawn_searcher(sys, db_, board_, searcher));
  }
  if (opts_.chaos > std::chrono::nanoseconds{0})
    fault_injector_ = spawn_fault_injector(sys, db_, board_, opts_.chaos);
}

swarm::~swarm() {
  for (auto& x : peers_)
    end(caf::actor_cast<caf::actor>(x));
  for (auto& x : searchers_)
    end(caf::actor_cast<caf::actor>(x));
  for (auto& x : {caf::actor_cast<caf::actor>(fault_injector_),
                  caf::actor_cast<caf::actor>(store_),
                  caf::actor_cast<caf::actor>(feeder_)})
    end(x);
}

void swarm::start_feeding() {
  index_feeder_options feeding;
  feeding.run = opts_.run;
  feeding.searchers = searchers_;
  feeder_ = spawn_index_feeder(self_->system(), db_, board_, std::move(feeding),
                               opts_.when_done);
  store_ = spawn_block_store(
    self_->system(), db_, board_, opts_.store,
    [feeder = feeder_] { compat::anon_send(feeder, no_more_files{}); });
}

void swarm::enter(stage what) {
  for (auto& x : peers_)
    compat::anon_send(x, enter_stage{what});
  for (auto& x : searchers_)
    compat::anon_send(x, enter_stage{what});
  if (store_)
    compat::anon_send(store_, enter_stage{what});
  if (feeder_)
    compat::anon_send(feeder_, enter_stage{what});
  if (what == stage::stopping && fault_injector_)
    compat::anon_send(fault_injector_, finish{});
}

void swarm::collect(expected_state& to) {
  auto note = [&](const char* who, const caf::error& err) {
    if (err != caf::none && to.failure.empty())
      to.failure = std::string{who} + " did not answer: " + describe(err);
  };
  for (auto& x : std::exchange(peers_, {}))
    note("a peer", finished<peer_record>(self_, x, [&](peer_record&& y) {
           to.records.push_back(std::move(y));
         }));
  for (auto& x : std::exchange(searchers_, {}))
    note("a reader",
         finished<searcher_record>(self_, x, [&](searcher_record&& y) {
           to.searchers.push_back(std::move(y));
         }));
  if (auto x = std::exchange(store_, nullptr))
    note("the block store", finished<store_state>(
                              self_, x, [&](store_state y) { to.stored = y; }));
  if (auto x = std::exchange(feeder_, nullptr))
    note(
      "the index feeder",
      finished<index_state>(self_, x, [&](index_state y) { to.indexed = y; }));
  fault_injector_ = nullptr;
}

void swarm::end(const caf::actor& what) {
  if (what)
    caf::anon_send_exit(what, caf::exit_reason::user_shutdown);
}

} // namespace onewriter::node
