#include "app/demo/swarm/timeline.hpp"

#include "onewriter/compat/messaging.hpp"

#include <algorithm>

namespace onewriter::node {

namespace {

using clock = std::chrono::steady_clock;
using std::chrono::nanoseconds;

// How long nothing is measured, so that all peers are connected; and how long
// peers are alone after that.
constexpr nanoseconds warm_up_time = std::chrono::milliseconds{500};
constexpr nanoseconds quiet_time = std::chrono::seconds{3};

class player {
public:
  player(caf::scoped_actor& self, swarm& actors, const scoreboard_actor& board,
         clock::time_point started, nanoseconds duration)
    : self_{self},
      actors_{actors},
      board_{board},
      started_{started},
      duration_{duration} {
    // nop
  }

  timeline play() {
    wait(timed() ? std::min(warm_up_time, duration_ / 10) : warm_up_time);
    enter(stage::quiet);
    wait(timed() ? std::min(quiet_time, duration_ / 3) : quiet_time);
    if (!over())
      play_busily();
    if (timed())
      wait(started_ + duration_ - clock::now());
    result_.running_time = clock::now() - started_;
    enter(stage::stopping);
    return result_;
  }

private:
  void play_busily() {
    auto begun = clock::now();
    enter(stage::busy);
    actors_.start_feeding();
    auto end = timed() ? started_ + duration_ : clock::time_point::max();
    while (!everything_done_ && !over() && clock::now() < end)
      receive(end - clock::now());
    result_.busy_time = clock::now() - begun;
    if (everything_done_)
      enter(stage::unmeasured);
  }

  void enter(stage what) {
    actors_.enter(what);
    compat::anon_send(board_, enter_stage{what});
  }

  void wait(nanoseconds time) {
    auto end = clock::now() + time;
    while (!over() && clock::now() < end)
      receive(end - clock::now());
  }

  // Takes one message, or waits for `limit`.
  void receive(nanoseconds limit) {
    auto patience = std::min<nanoseconds>(limit, std::chrono::hours{1});
    self_->receive([this](stop_requested) { result_.stopped = true; },
                   [this](everything_done) { everything_done_ = true; },
                   [this](const alert& x) {
                     if (x.kind == alert_kind::failed && x.raised)
                       result_.failure = x.message;
                   },
                   caf::after(patience) >>
                     [] {
                       // nop
                     });
  }

  bool timed() const {
    return duration_ > nanoseconds{0};
  }

  bool over() const {
    return result_.stopped || !result_.failure.empty();
  }

  caf::scoped_actor& self_;
  swarm& actors_;
  const scoreboard_actor& board_;
  clock::time_point started_;
  nanoseconds duration_;
  bool everything_done_ = false;
  timeline result_;
};

} // namespace

timeline play_stages(caf::scoped_actor& self, swarm& actors,
                     const scoreboard_actor& board,
                     std::chrono::steady_clock::time_point started,
                     std::chrono::nanoseconds duration) {
  return player{self, actors, board, started, duration}.play();
}

} // namespace onewriter::node
